import { type EtcdKeyspace, KeyValue } from "etcd-web";

/**
 * Stores a value where the key is still `base`; undefined: where there is still none. Gives what the server holds then.
 * Throws "conflict" or "already-exists" where somebody else was faster.
 */
export async function saveValue(
  etcd: EtcdKeyspace,
  key: Uint8Array,
  value: Uint8Array,
  base: KeyValue | undefined,
): Promise<KeyValue> {
  if (base === undefined) {
    const { revision } = await etcd.create(key, value);
    return KeyValue.from({ key, value, createRevision: revision, modRevision: revision, version: 1n, lease: 0n });
  }
  const { createRevision, modRevision, version, lease } = base;
  const { revision } = await etcd.update(key, value, { ifModRevision: modRevision, ignoreLease: lease !== 0n });
  return KeyValue.from({ key, value, createRevision, modRevision: revision, version: version + 1n, lease });
}
