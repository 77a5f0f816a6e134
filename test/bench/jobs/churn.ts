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
}

await runJob(async ({ place, contender: name, stay, changes }: Args): Promise<Opened> => {
  const contender = await createContender(name, place);
  const listen = (): void => {};
  await contender.open(
    Array.from({ length: stay }, (_, i) => ({ key: `stays/${i}` })),
    listen,
  );
  const before = contender.creates();
  const begun = performance.now();
  for (let i = 0; i < changes; i++) {
    const stop = await contender.open([{ key: `comes-and-goes/${i}` }], listen);
    stop();
  }
  return { ms: performance.now() - begun, creates: contender.creates() - before };
});
