import { performance } from "node:perf_hooks";
import type { Place } from "../contenders/contender.ts";
import { type ContenderName, createContender } from "../contenders/contenders.ts";
import { runJob } from "../run-job.ts";

interface Args {
  readonly place: Place;
  readonly contender: ContenderName;
  readonly watches: number;
  readonly together: boolean;
}

/** How long it took, and how many creates were sent for it. */
export interface Opened {
  readonly ms: number;
  readonly creates: number;
}

await runJob(async ({ place, contender: name, watches, together }: Args): Promise<Opened> => {
  const contender = await createContender(name, place);
  const listen = (): void => {};
  (await contender.open([{ key: "warm" }], listen))();
  const warm = contender.creates();
  const targets = Array.from({ length: watches }, (_, i) => ({ key: `opened/${i}` }));
  const begun = performance.now();
  if (together) await contender.open(targets, listen);
  else for (const target of targets) await contender.open([target], listen);
  return { ms: performance.now() - begun, creates: contender.creates() - warm };
});
