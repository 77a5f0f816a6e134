import type { Etcd } from "etcd-web";
import { createMaintenance, type SnapshotOptions } from "etcd-web/admin";

/** A snapshot that has been received and checked. */
export interface Snapshot {
  readonly name: string;
  readonly blob: Blob;
  /** Of the database, in hexadecimal: the file ends with it. */
  readonly sha256: string;
}

const trailerBytes = 32;

/** Receives a snapshot into a blob, which browsers keep on disk where it is large. What is not whole throws. */
export async function takeSnapshot(etcd: Etcd, name: string, options: SnapshotOptions): Promise<Snapshot> {
  const blob = await new Response(createMaintenance(etcd).snapshot(options)).blob();
  const trailer = new Uint8Array(await blob.slice(-trailerBytes).arrayBuffer());
  const sha256 = Array.from(trailer, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { name, blob, sha256 };
}
