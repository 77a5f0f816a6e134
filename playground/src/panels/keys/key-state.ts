import type { EtcdReader, KeyValue } from "etcd-web";

/** What a key was at a revision of the store. */
export interface KeyState {
  /** Undefined: there was none. */
  readonly kv: KeyValue | undefined;
  readonly revision: bigint;
}

/** What there is now. */
export async function readKey(etcd: EtcdReader, key: Uint8Array): Promise<KeyState> {
  const { kvs, revision } = await etcd.range(key);
  return { kv: kvs[0], revision };
}

/** Whichever knows more: a watch may tell later than an answer. */
export function newerOf(live: KeyState, found: KeyState | undefined): KeyState {
  return found !== undefined && found.revision > live.revision ? found : live;
}

/** What has become of a key since it was `base`: nothing that is known, another value, or the key is gone. */
export function fateOf(base: KeyValue, { kv, revision }: KeyState): "same" | "changed" | "gone" {
  // Older: it is not told yet what has been saved here.
  if (kv !== undefined) return kv.modRevision > base.modRevision ? "changed" : "same";
  return revision > base.modRevision ? "gone" : "same";
}
