import type { CDPSession } from "puppeteer-core";

/** What a page holds that it cannot do without. */
export interface Held {
  /** Bytes of its scripts' heap, of its document and of its buffers, after a collection. */
  readonly bytes: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** Counts it, when all garbage is gone. */
export async function countHeld(devtools: CDPSession): Promise<Held> {
  // Twice: what finalizers let go is garbage after the first.
  for (let i = 0; i < 2; i++) await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = await devtools.send("Runtime.getHeapUsage");
  const { nodes, jsEventListeners } = await devtools.send("Memory.getDOMCounters");
  return { bytes: usedSize + embedderHeapUsedSize + backingStorageSize, nodes, listeners: jsEventListeners };
}
