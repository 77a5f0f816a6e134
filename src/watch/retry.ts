import { backoffMs } from "../base/backoff.ts";
import type { EtcdError } from "../base/errors.ts";
import type { Platform } from "../platform/platform.ts";
import type { ConnectionState } from "./connection.ts";
import { Timer } from "./timer.ts";

const bounds = { firstMs: 250, longestMs: 10_000 };
/** A stream that has lived as long was not part of the trouble before it. */
const stableMs = 10_000;

/** When to try again. */
export class Retry {
  readonly #platform: Platform;
  readonly #run: () => void;
  readonly #timer: Timer;
  #failures = 0;

  /** @param run tries again */
  constructor(platform: Platform, run: () => void) {
    this.#platform = platform;
    this.#run = run;
    this.#timer = new Timer(platform, run);
  }

  /** A try is due later. */
  get pending(): boolean {
    return this.#timer.isSet;
  }

  /** No failure since the last stable stream. */
  get calm(): boolean {
    return this.#failures === 0;
  }

  /** Something has failed: the state to show, or undefined where a try is due already. */
  later(reason: EtcdError): ConnectionState | undefined {
    if (this.pending) return undefined;
    const attempt = ++this.#failures;
    const ms = backoffMs(bounds, attempt, this.#platform.random);
    this.#timer.set(ms);
    return { state: "reconnecting", reason, attempt, nextRetryAt: new Date(Date.now() + ms) };
  }

  /** Tries at once. */
  now(): void {
    this.cancel();
    this.#run();
  }

  /** A stream has ended that was opened at `openedAt`. */
  lived(openedAt: number): void {
    if (this.#platform.now() - openedAt >= stableMs) this.#failures = 0;
  }

  cancel(): void {
    this.#timer.cancel();
  }
}
