import type { Clock } from "../platform/clock.ts";

// Timers of more than 2^31 - 1 ms fire at once: 25 days count as never.
const longestMs = 2 ** 31 - 1;

/** Calls `tick` at an interval from the first `start` on, until it returns false; at one of Infinity never. */
export class ProgressTicker {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #tick: () => boolean;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, intervalMs: number, tick: () => boolean) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#tick = tick;
  }

  start(): void {
    if (this.#intervalMs > longestMs) return;
    this.#cancel ??= this.#clock.setTimeout(() => {
      this.#cancel = undefined;
      if (this.#tick()) this.start();
    }, this.#intervalMs);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
