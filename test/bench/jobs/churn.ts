import { performance } from "node:perf_hooks";
import type { Place } from "../contenders/contender.ts";
import { type ContenderName, createContender } from "../contenders/contenders.ts";
import { runJob } from "../run-job.ts";
import type { Opened } from "./open.ts";

interface Args {
  readonly place: Place;
  readonly contender: ContenderName;
  readonly stay: number;
  readonly changes: number;
  /** How many that come are there at a time: each goes when so many others have come. */
  readonly window: number;
}

await runJob(async ({ place, contender: name, stay, changes, window }: Args): Promise<Opened> => {
  const contender = await createContender(name, place);
  const listen = (): void => {};
  await contender.open(
    Array.from({ length: stay }, (_, i) => ({ key: `stays/${i}` })),
    listen,
  );
  const stops: (() => void)[] = [];
  const before = contender.creates();
  const begun = performance.now();
  for (let i = 0; i < changes; i++) {
    stops.push(await contender.open([{ key: `comes-and-goes/${i}` }], listen));
    if (stops.length >= window) stops.shift()?.();
  }
  return { ms: performance.now() - begun, creates: contender.creates() - before };
});
