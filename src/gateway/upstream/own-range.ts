import { compareBytes, joinBytes } from "../../base/bytes.ts";
import type { WatchCreateRequest } from "../../proto.ts";

/** A range as etcd takes it. */
export type KeyRange = Pick<WatchCreateRequest, "key" | "rangeEnd">;

/**
 * As good as the same range, but equal to no other, so that `grpc-proxy` joins a watch of it with none. At the end it
 * leaves out keys that go on with 32 bytes of 0xff, as no key does; for a single key it takes in some that begin with
 * it, which are to be left out. Undefined where there is no such range.
 */
export function ownRange({ key, rangeEnd }: KeyRange): KeyRange | undefined {
  const unique = crypto.getRandomValues(new Uint8Array(16));
  if (rangeEnd.length === 0) return { key, rangeEnd: joinBytes([key, Uint8Array.of(0), unique]) };
  const before = rangeEnd.slice(0, -1);
  const last = rangeEnd[rangeEnd.length - 1] ?? 0;
  if (last === 0 && before.length > 0) return undefined; // there is nothing between "a" and "a\0"
  const end = joinBytes([before, last === 0 ? before : Uint8Array.of(last - 1), new Uint8Array(32).fill(0xff), unique]);
  return compareBytes(key, end) < 0 ? { key, rangeEnd: end } : undefined;
}
