import { createCaller, type LoadedCallerName } from "../callers/callers.ts";
import type { Place } from "../contenders/contender.ts";
import { cpuUs } from "../cpu-us.ts";
import { runJob } from "../run-job.ts";
import { clocked } from "../work/clocked.ts";
import { alternate, type Pace } from "../work/take-turns.ts";

/** What is to be called. */
export interface OneGetArgs {
  readonly place: Place;
  readonly callers: readonly LoadedCallerName[];
  /** How often each is asked. */
  readonly times: number;
}

await runJob(async ({ place, callers, times }: OneGetArgs): Promise<readonly Pace[]> => {
  const loaded = callers.map(async (name) => clocked(name, await createCaller(name, place), "get"));
  return alternate(await Promise.all(loaded), { times, block: 100, cpuUs });
});
