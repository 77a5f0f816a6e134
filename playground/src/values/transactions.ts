import { type Compare, compare } from "etcd-web";

/** etcd's default limit for the operations of a transaction; compares count apart. */
export const mostOps = 128;

/** The condition that a key is still as it was seen; undefined: not there. */
export function asSeen(key: Uint8Array, seen: { readonly modRevision: bigint } | undefined): Compare {
  return seen === undefined ? compare.missing(key) : compare.modRevision(key).equals(seen.modRevision);
}
