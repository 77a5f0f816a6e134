import type { Clock } from "../platform/clock.ts";

/** One thing to do later, once. */
export class Timer {
  readonly #clock: Pick<Clock, "setTimeout">;
  readonly #run: () => void;
  #cancel: (() => void) | undefined;

  constructor(clock: Pick<Clock, "setTimeout">, run: () => void) {
    this.#clock = clock;
    this.#run = run;
  }

  get isSet(): boolean {
    return this.#cancel !== undefined;
  }

  /** Runs after `ms` milliseconds from now; a time set before does not hold any more. */
  set(ms: number): void {
    this.cancel();
    this.#cancel = this.#clock.setTimeout(() => {
      this.#cancel = undefined;
      this.#run();
    }, ms);
  }

  cancel(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
