import { type Etcd, isEtcdError, type Range } from "etcd-web";
import type { HistoryLog } from "./history-log.ts";

/** Reads all the history that there is of a range, deleted keys included, and follows it until the signal aborts. */
export async function followHistory(etcd: Etcd, range: Range, log: HistoryLog, signal: AbortSignal): Promise<void> {
  let beginsAt = 1n;
  for (;;) {
    try {
      // At the revision of a compaction each key's last state is still there; what came before it is not.
      const { kvs } = beginsAt === 1n ? { kvs: [] } : await etcd.range(range, { revision: beginsAt, signal });
      log.begin(kvs, beginsAt);
      const startRevision = beginsAt === 1n ? beginsAt : beginsAt + 1n;
      await readOn(etcd, range, startRevision, log, signal);
      return;
    } catch (error) {
      if (!isEtcdError(error, "compacted") || error.compactRevision === undefined) throw error;
      beginsAt = error.compactRevision;
    }
  }
}

async function readOn(
  etcd: Etcd,
  range: Range,
  startRevision: bigint,
  log: HistoryLog,
  signal: AbortSignal,
): Promise<void> {
  const watch = etcd.watch(range, { startRevision, signal });
  watch.opened.then(
    () => log.live(),
    () => {}, // The loop below hears of it.
  );
  for await (const batch of watch.batches()) log.add(batch);
}
