import { createCaller, type LoadedCallerName } from "../callers/callers.ts";
import type { Operation } from "../callers/operation.ts";
import type { Place } from "../contenders/contender.ts";
import { startGoClock } from "../go-clock.ts";
import { runJob } from "../run-job.ts";
import { clocked } from "../work/clocked.ts";
import { takeTurns } from "../work/take-turns.ts";

/** What is to be called. */
export interface CallArgs {
  readonly place: Place;
  /** Go's client comes after them. */
  readonly callers: readonly LoadedCallerName[];
  readonly operation: Operation;
  /** How often each is asked. */
  readonly times: number;
}

await runJob(async ({ place, callers, operation, times }: CallArgs): Promise<readonly number[]> => {
  const loaded = callers.map(async (name) => clocked(name, await createCaller(name, place), operation));
  return takeTurns(await Promise.all([...loaded, startGoClock(place, operation)]), times);
});
