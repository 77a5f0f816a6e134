import type { Etcd, Key } from "etcd-web";
import { heldKeys, type KeyWindow, toListedKey } from "./key-window.ts";

/** The first keys with a prefix, exactly as they were at `revision`. */
export async function listKeys(etcd: Etcd, prefix: Key, revision: bigint, signal: AbortSignal): Promise<KeyWindow> {
  const { kvs, count } = await etcd.range({ prefix }, { limit: heldKeys, keysOnly: true, revision, signal });
  return { keys: kvs.map(({ key }) => toListedKey(key)), total: count, revision };
}
