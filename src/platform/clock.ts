/** Time; replaced where a test moves it by hand. */
export interface Clock {
  /** Milliseconds that never go back, from an arbitrary start; in a page, sleep of the machine counts. */
  now(): number;
  /** Runs `run` once after `ms` milliseconds, unless the function returned is called first. */
  setTimeout(run: () => void, ms: number): () => void;
}

/** Milliseconds; a timer of more fires at once. */
export const longestTimerMs: number = 2 ** 31 - 1;

/** More than two clocks can differ by for being read one after the other, or by being coarse. */
const sleepMs = 250;

/**
 * A time that goes on while the machine sleeps. `performance.now()` stands still then in most engines, so that a page
 * would take old news for new; `Date.now()` goes on, but is set back and forth by people and servers. So the wall clock
 * is believed only where it alone has seen time pass: a jump forward counts as sleep, one back as nothing.
 */
export function throughSleep(steady: () => number, wall: () => number): () => number {
  let difference: number | undefined;
  let slept = 0;
  return () => {
    const now = steady();
    const before = difference ?? wall() - now;
    difference = wall() - now;
    if (difference - before > sleepMs) slept += difference - before;
    return now + slept;
  };
}

/** Calls `run` soon after the machine has slept, by a clock that knows it: not every system tells a page so. */
export function afterSleep(clock: Clock, steady: () => number, run: () => void): () => void {
  const lookEachMs = 2_000;
  let slept = clock.now() - steady();
  const look = (): void => {
    const before = slept;
    slept = clock.now() - steady();
    cancel = clock.setTimeout(look, lookEachMs);
    if (slept - before > sleepMs) run();
  };
  let cancel = clock.setTimeout(look, lookEachMs);
  return () => cancel();
}

/** The clock of servers in memory: its timers never keep a Node or Deno process from ending. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout(run, ms) {
    const timer: unknown = setTimeout(run, ms);
    if (isUnrefable(timer)) timer.unref();
    return () => clearTimeout(timer as number);
  },
};

function isUnrefable(timer: unknown): timer is { unref(): void } {
  return typeof timer === "object" && timer !== null && "unref" in timer && typeof timer.unref === "function";
}
