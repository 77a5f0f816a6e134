import { performance } from "node:perf_hooks";
import process from "node:process";
import { KeyValue } from "../../../src/index.ts";
import { afterEvents, afterSnapshot, initialState } from "../../../src/live/view-state.ts";
import { runJob } from "../run-job.ts";

interface Args {
  readonly keys: number;
  readonly valueBytes: number;
}

/** What a view of so many keys costs. */
export interface ViewCost {
  /** Heap, in multiples of the keys' and values' bytes. */
  readonly timesData: number;
  readonly microsecondsAnUpdate: number;
}

const updates = 20_000;

await runJob(async ({ keys, valueBytes }: Args): Promise<ViewCost> => {
  const reading = { decode: (kv: KeyValue) => kv.text(), defaults: new Map<string, string>() };
  const dataBytes = keys * (pair(0, 0, valueBytes).key.length + valueBytes);
  const before = settledHeap();
  const kvs = Array.from({ length: keys }, (_, i) => pair(i, 1, valueBytes));
  let { state } = afterSnapshot(initialState(reading), { revision: 1n, kvs }, reading);
  kvs.length = 0;
  const timesData = (settledHeap() - before) / dataBytes;
  const events = Array.from({ length: updates }, (_, i) => {
    const kv = pair((i * 7919) % keys, i + 2, valueBytes);
    return { type: "put", kv, prevKv: undefined, isCreate: false } as const;
  });
  const begun = performance.now();
  for (const event of events) {
    ({ state } = afterEvents(state, { revision: event.kv.modRevision, events: [event] }, reading));
  }
  return { timesData, microsecondsAnUpdate: ((performance.now() - begun) * 1_000) / updates };
});

function pair(index: number, revision: number, valueBytes: number): KeyValue {
  const key = new TextEncoder().encode(`config/service-${String(index).padStart(6, "0")}/setting`);
  const value = new TextEncoder().encode(String(revision).padEnd(valueBytes, "-"));
  const modRevision = BigInt(revision);
  return KeyValue.from({ key, value, createRevision: 1n, modRevision, version: 1n, lease: 0n });
}

function settledHeap(): number {
  for (let i = 0; i < 4; i++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
