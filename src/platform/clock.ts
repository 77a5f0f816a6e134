/** Time; replaced where a test moves it by hand. */
export interface Clock {
  /** Milliseconds that never go back, from an arbitrary start. */
  now(): number;
  /** Runs `run` once after `ms` milliseconds, unless the function returned is called first. */
  setTimeout(run: () => void, ms: number): () => void;
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
