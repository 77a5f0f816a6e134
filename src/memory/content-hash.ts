import type { KeyValue } from "../gen/mvccpb/kv_pb.ts";
import type { View } from "./store.ts";

/**
 * 32 bits of all that is stored up to a revision (FNV-1a). Equal stores have equal hashes, as etcd's have; but the
 * number is not etcd's, which hashes its file's own layout.
 */
export function hashContent({ index }: View, revision: bigint): number {
  let hash = 0x811c9dc5;
  const add = (bytes: Iterable<number>): void => {
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  };
  index.visit({ from: "", to: undefined }, ({ versions }) => {
    for (const kv of versions) {
      if (kv.modRevision > revision) break;
      add(numbersOf(kv));
      add(kv.key);
      add(kv.value);
    }
    return true;
  });
  return hash >>> 0;
}

function numbersOf({ createRevision, modRevision, version, lease, key, value }: KeyValue): Uint8Array {
  const numbers = [createRevision, modRevision, version, lease, BigInt(key.length), BigInt(value.length)];
  return new Uint8Array(BigInt64Array.from(numbers).buffer);
}
