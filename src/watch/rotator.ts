import type { Clock } from "../platform/clock.ts";
import { afterCut, afterTrial, doubtMs, type Rotation, windowOf } from "./rotation.ts";
import { Timer } from "./timer.ts";
import type { WatchStream } from "./watch-stream.ts";

/** The bookmarks of a stream's watches come one after another. */
const gatherMs = 50;

/** Has streams replaced before a proxy cuts them, once it has been seen to cut two at the same age. */
export class Rotator {
  readonly #clock: Clock;
  readonly #timer: Timer;
  /** Looks whether a replaced stream has outlived the rule. */
  readonly #trial: Timer;
  #tried: { readonly stream: WatchStream; readonly untilMs: number } | undefined;
  #rotation: Rotation = {};
  #stream: WatchStream | undefined;
  #stage: "new" | "ripe" | "due" = "new";

  /** @param due told when a stream has become worn */
  constructor(clock: Clock, due: () => void) {
    this.#clock = clock;
    this.#timer = new Timer(clock, () => this.#ripen(due));
    this.#trial = new Timer(clock, () => {
      if (this.#tried) this.#rotation = afterTrial(this.#rotation, !this.#tried.stream.closed);
      this.#tried = undefined;
    });
  }

  /** This is the oldest stream now. */
  follow(stream: WatchStream | undefined): void {
    if (stream === this.#stream) return;
    this.#stream = stream;
    this.#arm();
  }

  /** Something has come on a stream, so that its watches stand as far as can be. */
  moved(stream: WatchStream): void {
    if (this.#stage !== "ripe" || stream !== this.#stream) return;
    this.#stage = "due";
    this.#timer.set(gatherMs);
  }

  /** A stream has ended by itself. */
  ended(stream: WatchStream): void {
    if (!stream.answered) return;
    this.#rotation = afterCut(this.#rotation, this.#ageOf(stream));
    if (stream === this.#tried?.stream) this.#tried = undefined;
    if (stream !== this.#stream) this.#arm();
  }

  /** The rule may not hold any more: the network has changed. */
  doubt(): void {
    this.#rotation = { ...this.#rotation, proven: false };
  }

  /** Milliseconds that a stream should stay when it has been replaced, to show whether it is cut. */
  trialMs(stream: WatchStream): number {
    const { ageMs, proven } = this.#rotation;
    if (ageMs === undefined || proven || !stream.worn || stream !== this.#stream) return 0;
    const ms = doubtMs(ageMs) - this.#ageOf(stream);
    this.#tried = { stream, untilMs: this.#clock.now() + ms };
    this.#trial.set(ms);
    return ms + gatherMs;
  }

  stop(): void {
    this.#timer.cancel();
    this.#trial.cancel();
  }

  #arm(): void {
    this.#stage = "new";
    this.#timer.cancel();
    const window = windowOf(this.#rotation);
    if (this.#stream && window) {
      // Another hand-over would end the trial; where the rule holds, there is time for one after it.
      const trialMs = (this.#tried?.untilMs ?? 0) - this.#clock.now();
      this.#timer.set(Math.max(0, trialMs, window.fromMs - this.#ageOf(this.#stream)));
    }
  }

  #ripen(due: () => void): void {
    const window = windowOf(this.#rotation);
    if (this.#stream === undefined || window === undefined) return;
    if (this.#stage === "new") {
      this.#stage = "ripe";
      this.#timer.set(Math.max(0, window.untilMs - this.#ageOf(this.#stream)));
    } else {
      this.#stream.worn = true;
      due();
    }
  }

  #ageOf({ openedAt }: WatchStream): number {
    return this.#clock.now() - openedAt;
  }
}
