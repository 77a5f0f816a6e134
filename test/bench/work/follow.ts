import type { Contender, Target } from "../contenders/contender.ts";

/** What is to be followed. */
export interface FollowArgs {
  readonly target: Target;
  readonly events: number;
  /** How often it is done all over; the first time is a warm-up where there are more. */
  readonly times: number;
}

/** What it took to follow: live events after the first fifth, which warm up; all of a replay. */
export interface Followed {
  readonly events: number;
  readonly ms: number;
  /** Where the runtime tells. */
  readonly cpuUs: number;
}

/** Follows a prefix; `cpuUs` says how much processor time this process has used. */
export async function follow(
  contender: Contender,
  { target, events, times }: FollowArgs,
  ready: () => void,
  cpuUs: () => number,
): Promise<Followed> {
  let sum: Followed = { events: 0, ms: 0, cpuUs: 0 };
  for (let turn = 0; turn < times; turn++) {
    const one = await once(turn === 0 ? ready : () => {});
    if (turn > 0 || times === 1) sum = add(sum, one);
  }
  return sum;

  async function once(opened: () => void): Promise<Followed> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const warmUp = target.startRevision === undefined ? events / 5 : 0;
    let seen = 0;
    let [begunAt, begun, cpu] = [0, performance.now(), cpuUs()];
    const stop = await contender.open([target], (count) => {
      seen += count;
      if (begunAt < warmUp && seen >= warmUp) [begunAt, begun, cpu] = [seen, performance.now(), cpuUs()];
      if (seen >= events) resolve();
    });
    opened();
    await promise;
    const followed = { events: seen - begunAt, ms: performance.now() - begun, cpuUs: cpuUs() - cpu };
    stop();
    return followed;
  }
}

function add(a: Followed, b: Followed): Followed {
  return { events: a.events + b.events, ms: a.ms + b.ms, cpuUs: a.cpuUs + b.cpuUs };
}
