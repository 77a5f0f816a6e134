import { type Etcd, type KeyValue, op } from "etcd-web";
import { asSeen, mostOps } from "../../values/transactions.ts";

/** Deletes keys, each 128 at once; gives what was there. */
export async function deleteKeys(etcd: Etcd, keys: readonly Uint8Array[]): Promise<readonly KeyValue[]> {
  const gone: KeyValue[] = [];
  for (let at = 0; at < keys.length; at += mostOps) {
    const some = keys.slice(at, at + mostOps).map((key) => op.delete(key, { prevKv: true }));
    const { results } = await etcd.txn({ success: some });
    for (const { prevKvs } of results) gone.push(...prevKvs);
  }
  return gone;
}

/** Puts back what was deleted, where nothing has come since. Leases may have run out: those are not taken up again. */
export async function putBack(etcd: Etcd, kvs: readonly KeyValue[]): Promise<number> {
  let back = 0;
  for (const { key, value } of kvs) {
    const { succeeded } = await etcd.txn({ compare: [asSeen(key, undefined)], success: [op.put(key, value)] });
    if (succeeded) back++;
  }
  return back;
}

/** Copies or renames a key, as one transaction. False: it has changed since, or there is such a key already. */
export async function moveKey(etcd: Etcd, kv: KeyValue, to: Uint8Array, keep: boolean): Promise<boolean> {
  const put = op.put(to, kv.value, kv.lease === 0n ? {} : { lease: kv.lease });
  const { succeeded } = await etcd.txn({
    compare: [asSeen(kv.key, kv), asSeen(to, undefined)],
    success: keep ? [put] : [put, op.delete(kv.key)],
  });
  return succeeded;
}

/** Gives a key another lease, or none; its value stays. False: it has changed since. */
export async function setLease(etcd: Etcd, kv: KeyValue, lease: bigint): Promise<boolean> {
  const put = op.put(kv.key, kv.value, lease === 0n ? {} : { lease });
  const { succeeded } = await etcd.txn({ compare: [asSeen(kv.key, kv)], success: [put] });
  return succeeded;
}
