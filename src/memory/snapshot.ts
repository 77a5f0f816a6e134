import { create } from "@bufbuild/protobuf";
import { type SnapshotResponse, SnapshotResponseSchema } from "../gen/etcdserverpb/maintenance_pb.ts";
import { errors } from "./errors.ts";

const chunkBytes = 32 * 1024;
/** etcd's clients tell by the length whether the digest is there: 32 bytes past a whole number of these. */
const pageBytes = 512;

/** In etcd's framing: chunks, then the SHA-256 of them all. */
export async function* snapshot(state: Uint8Array, version: string): AsyncGenerator<SnapshotResponse> {
  // At least one zero: it tells whoever reads the state where that ends and the digest begins.
  const whole = new Uint8Array((Math.floor(state.length / pageBytes) + 1) * pageBytes);
  whole.set(state);
  const subtle: SubtleCrypto | undefined = crypto.subtle;
  if (subtle === undefined) throw errors.insecureContext();
  const digest = new Uint8Array(await subtle.digest("SHA-256", whole));
  for (let start = 0; start < whole.length; start += chunkBytes) {
    const blob = whole.subarray(start, start + chunkBytes);
    const remainingBytes = BigInt(whole.length - start - blob.length);
    yield create(SnapshotResponseSchema, { blob, remainingBytes, version });
  }
  yield create(SnapshotResponseSchema, { blob: digest, version });
}
