import { performance } from "node:perf_hooks";
import process from "node:process";
import type { Place, Target } from "../contenders/contender.ts";
import { type ContenderName, createContender } from "../contenders/contenders.ts";
import { runJob } from "../run-job.ts";

interface Args {
  readonly place: Place;
  readonly contender: ContenderName;
  readonly target: Target;
  readonly events: number;
  /** How often it is done all over; the first time is a warm-up where there are more. */
  readonly times: number;
}

/** What it took to follow. */
export interface Followed {
  readonly ms: number;
  readonly cpuUs: number;
}

await runJob(async ({ place, contender: name, target, events, times }: Args, ready): Promise<Followed> => {
  const contender = await createContender(name, place);
  let sum: Followed = { ms: 0, cpuUs: 0 };
  for (let i = 0; i < times; i++) {
    const one = await follow(i);
    if (i > 0 || times === 1) sum = { ms: sum.ms + one.ms, cpuUs: sum.cpuUs + one.cpuUs };
  }
  const counted = Math.max(1, times - 1);
  return { ms: sum.ms / counted, cpuUs: sum.cpuUs / counted };

  async function follow(turn: number): Promise<Followed> {
    const { promise, resolve } = Promise.withResolvers<void>();
    let seen = 0;
    // A replay begins with the call; live events with the first one.
    let begun = target.startRevision === undefined ? 0 : performance.now();
    let cpu = process.cpuUsage();
    const stop = await contender.open([target], (count) => {
      if (begun === 0) begun = performance.now();
      seen += count;
      if (seen >= events) resolve();
    });
    if (begun === 0) cpu = process.cpuUsage(); // live: without what opening takes
    if (turn === 0) ready();
    await promise;
    const ms = performance.now() - begun;
    const { user, system } = process.cpuUsage(cpu);
    stop();
    return { ms, cpuUs: user + system };
  }
});
