import { median } from "../samples.ts";
import type { Clocked } from "./clocked.ts";

/**
 * Median milliseconds of an operation, for each caller: they take turns at every single one, in an order that changes,
 * so that whatever else the machine does, and what one leaves to the next, meets all of them.
 */
export async function takeTurns(callers: readonly Clocked[], times: number): Promise<readonly number[]> {
  const taken = callers.map((): number[] => []);
  const warmUp = Math.ceil(times / 5);
  for (let i = 0; i < times + warmUp; i++) {
    for (const index of shuffled(callers.length)) {
      const ms = await (callers[index] as Clocked)(i);
      if (i >= warmUp) taken[index]?.push(ms);
    }
  }
  return taken.map(median);
}

/** What a call of a caller costs. */
export interface Pace {
  readonly callsPerSecond: number;
  readonly cpuUs: number;
}

/**
 * The pace of each caller, in blocks that alternate: a block pays for its own garbage, and a machine that grows slower
 * meanwhile does so for all. `cpuUs` says how much processor time this process has used.
 */
export async function alternate(
  callers: readonly Clocked[],
  { times, block, cpuUs }: { readonly times: number; readonly block: number; readonly cpuUs: () => number },
): Promise<readonly Pace[]> {
  const sums = callers.map(() => ({ ms: 0, cpuUs: 0 }));
  for (let done = -times / 5; done < times; done += block) {
    for (const index of shuffled(callers.length)) {
      const [begun, cpu] = [performance.now(), cpuUs()];
      for (let i = 0; i < block; i++) await (callers[index] as Clocked)(i);
      const sum = sums[index];
      if (done < 0 || sum === undefined) continue;
      sum.ms += performance.now() - begun;
      sum.cpuUs += cpuUs() - cpu;
    }
  }
  return sums.map((sum) => ({ callsPerSecond: (times * 1000) / sum.ms, cpuUs: sum.cpuUs / times }));
}

function shuffled(count: number): readonly number[] {
  const order = Array.from({ length: count }, (_, index) => ({ index, at: Math.random() }));
  return order.toSorted((a, b) => a.at - b.at).map(({ index }) => index);
}
