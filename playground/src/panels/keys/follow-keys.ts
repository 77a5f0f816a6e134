import { type Etcd, isEtcdError, type Range } from "etcd-web";
import type { KeyList } from "./key-list.ts";

/** Fills a list with the keys of a range, without their values, and keeps it current until the signal aborts. */
export async function followKeys(etcd: Etcd, range: Range, list: KeyList, signal: AbortSignal): Promise<never> {
  for (;;) {
    try {
      await followOnce(etcd, range, list, signal);
    } catch (error) {
      // History has been compacted under the list, or is another one: read again.
      if (!isEtcdError(error, "compacted") && !isEtcdError(error, "cluster-changed")) throw error;
    }
  }
}

async function followOnce(etcd: Etcd, range: Range, list: KeyList, signal: AbortSignal): Promise<void> {
  const { count, revision } = await etcd.range(range, { limit: 1, keysOnly: true, signal });
  list.begin(count);
  for await (const kv of etcd.scan(range, { keysOnly: true, revision, signal })) list.load(kv);
  list.loaded(revision);
  const watch = etcd.watch(range, { startRevision: revision + 1n, signal });
  for await (const batch of watch.batches()) list.apply(batch);
}
