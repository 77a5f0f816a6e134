import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { createCaller, type LoadedCallerName } from "../callers/callers.ts";
import type { Place } from "../contenders/contender.ts";
import { runJob } from "../run-job.ts";

interface Args {
  readonly place: Place;
  readonly contender: LoadedCallerName;
  readonly prefix: string;
}

/** What a list took, from its call. */
export interface Listed {
  /** Milliseconds. */
  readonly first: number;
  readonly last: number;
  /** Resident memory at the peak, over what it was before. */
  readonly peakBytes: number;
  readonly keys: number;
}

await runJob(async ({ place, contender, prefix }: Args): Promise<Listed> => {
  const caller = await createCaller(contender, place);
  await caller.get("calls/0");
  globalThis.gc?.();
  await writeFile("/proc/self/clear_refs", "5"); // the peak begins here
  const before = process.memoryUsage.rss();
  const begun = performance.now();
  let [first, keys] = [0, 0];
  for await (const value of caller.list(prefix)) {
    if (keys === 0) first = performance.now() - begun;
    if (value.length > 0) keys++;
  }
  return { first, last: performance.now() - begun, peakBytes: (await peak()) - before, keys };
});

async function peak(): Promise<number> {
  const status = await readFile("/proc/self/status", "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
