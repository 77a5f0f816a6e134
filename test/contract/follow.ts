import type { Watch, WatchBatch } from "../../src/index.ts";
import { until } from "./expectations.ts";
import { expectChanges, type History } from "./history.ts";

/** What a watch gives, as it comes; what ends it is not told here. */
export function follow(watch: Watch): readonly WatchBatch[] {
  const batches: WatchBatch[] = [];
  const reading = (async () => {
    for await (const batch of watch.batches()) batches.push(batch);
  })();
  reading.catch(() => {});
  return batches;
}

/** Waits for the last of what was written, then compares all of it from `first` on. */
export async function expectAll(got: readonly WatchBatch[], history: History, first: bigint): Promise<void> {
  const written = history.since(first);
  const last = written.at(-1)?.revision ?? 0n;
  await until("the last revision has come", () => (got.at(-1)?.revision ?? 0n) >= last, 60_000);
  expectChanges(got, written);
}
