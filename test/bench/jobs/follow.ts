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

/** What it took to follow: live events after the first fifth, which warm up; all of a replay. */
export interface Followed {
  readonly events: number;
  readonly ms: number;
  readonly cpuUs: number;
}

await runJob(async ({ place, contender: name, target, events, times }: Args, ready): Promise<Followed> => {
  const contender = await createContender(name, place);
  let sum: Followed = { events: 0, ms: 0, cpuUs: 0 };
  for (let i = 0; i < times; i++) {
    const one = await follow(i);
    if (i > 0 || times === 1) sum = add(sum, one);
  }
  return sum;

  async function follow(turn: number): Promise<Followed> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const warmUp = target.startRevision === undefined ? events / 5 : 0;
    let seen = 0;
    let [begunAt, begun, cpu] = [0, performance.now(), process.cpuUsage()];
    const stop = await contender.open([target], (count) => {
      seen += count;
      if (begunAt < warmUp && seen >= warmUp) [begunAt, begun, cpu] = [seen, performance.now(), process.cpuUsage()];
      if (seen >= events) resolve();
    });
    if (turn === 0) ready();
    await promise;
    const ms = performance.now() - begun;
    const { user, system } = process.cpuUsage(cpu);
    stop();
    return { events: seen - begunAt, ms, cpuUs: user + system };
  }
});

function add(a: Followed, b: Followed): Followed {
  return { events: a.events + b.events, ms: a.ms + b.ms, cpuUs: a.cpuUs + b.cpuUs };
}
