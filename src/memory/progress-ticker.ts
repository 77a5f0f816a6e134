import { type Clock, longestTimerMs } from "../platform/clock.ts";

/** Calls `tick` at an interval from the first `start` on, until it returns false; at one that no timer can be: never. */
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
    if (this.#intervalMs > longestTimerMs) return;
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
