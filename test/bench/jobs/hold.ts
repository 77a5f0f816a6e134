import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Place } from "../contenders/contender.ts";
import { type ContenderName, createContender } from "../contenders/contenders.ts";
import { runJob } from "../run-job.ts";

interface Args {
  readonly place: Place;
  readonly contender: ContenderName;
  readonly watches: number;
  /** Where to write a heap snapshot. */
  readonly snapshot?: string;
}

/** What watches take that wait for their first event. */
export interface Held {
  /** Bytes of heap for each, array buffers outside of it included, once all garbage is gone. */
  readonly bytes: number;
  readonly connections: number;
}

await runJob(async ({ place, contender: name, watches, snapshot }: Args): Promise<Held> => {
  const contender = await createContender(name, place);
  const listen = (): void => {};
  (await contender.open(targets("warm", 20), listen))();
  const before = await heapAfter(1_000);
  await contender.open(targets("held", watches), listen);
  const after = await heapAfter(4_000); // in which this package makes its streams one
  if (snapshot !== undefined) (await import("node:v8")).writeHeapSnapshot(snapshot);
  return { bytes: (after - before) / watches, connections: connections() };
});

function targets(prefix: string, count: number): { key: string }[] {
  return Array.from({ length: count }, (_, i) => ({ key: `${prefix}/${i}` }));
}

async function heapAfter(ms: number): Promise<number> {
  await sleep(ms);
  for (let i = 0; i < 4; i++) {
    globalThis.gc?.();
    await sleep(50);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function connections(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === "TCPSocketWrap").length;
}
