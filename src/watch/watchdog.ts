import { EtcdError } from "../base/errors.ts";
import type { Platform } from "../platform/platform.ts";
import { toEtcdError } from "../transport/to-etcd-error.ts";
import { judge } from "./liveness.ts";
import { isPassing } from "./patience.ts";
import { Timer } from "./timer.ts";
import type { WatchStream } from "./watch-stream.ts";

/** What the watchdog watches over. */
export interface Watched {
  streams(): readonly WatchStream[];
  /** The store's present revision, by a cheap read. */
  probe(): Promise<bigint>;
  /** This stream is dead. */
  lost(stream: WatchStream, error: EtcdError): void;
  /** The store has moved on and this stream has not said so; that may be right. */
  doubtful(stream: WatchStream): void;
}

/** A timer that comes later by as much was held up with everything else: the page was frozen, or is throttled. */
const heldUpMs = 1_000;

/** Tells a dead link from a quiet one: one timer, for the stream that is due first. */
export class Watchdog {
  readonly #platform: Platform;
  readonly #watched: Watched;
  readonly #timer: Timer;
  #dueAt = 0;
  #probing = false;

  constructor(platform: Platform, watched: Watched) {
    this.#platform = platform;
    this.#watched = watched;
    this.#timer = new Timer(platform, () => this.#onTime());
  }

  /** Judges all streams now, and again when the next one is due. */
  look(): void {
    this.stop();
    const now = this.#platform.now();
    let lookAgainMs = Number.POSITIVE_INFINITY;
    let silent = false;
    for (const stream of this.#watched.streams()) {
      const verdict = judge(stream, now);
      if (verdict.kind === "fine") lookAgainMs = Math.min(lookAgainMs, verdict.lookAgainMs);
      else if (verdict.kind === "probe") silent = true;
      else
        this.#watched.lost(stream, new EtcdError("unavailable", "Watch: the link is dead, nothing came for too long"));
    }
    if (silent) void this.probe(now);
    else if (lookAgainMs < Number.POSITIVE_INFINITY) {
      this.#dueAt = now + lookAgainMs;
      this.#timer.set(lookAgainMs);
    }
  }

  // What came while nothing ran has not been read yet: such a silence says nothing, and the probe gives it time.
  #onTime(): void {
    const now = this.#platform.now();
    if (now - this.#dueAt < heldUpMs) {
      this.look();
      return;
    }
    for (const stream of this.#watched.streams()) if (!stream.answered) stream.aliveAt = now;
    void this.probe(now);
  }

  /** Asks whether there was anything to say, of streams silent since `now`. */
  async probe(now: number = this.#platform.now()): Promise<void> {
    if (this.#probing) return;
    this.#probing = true;
    const silent = this.#watched.streams().filter((stream) => stream.answered && stream.aliveAt <= now);
    try {
      const revision = await this.#watched.probe();
      for (const stream of silent) this.#judgeBy(stream, revision, now);
    } catch (error) {
      const reason = toEtcdError(error, { what: "Watch", write: false });
      for (const stream of silent) this.#judgeByFailure(stream, reason, now);
    } finally {
      this.#probing = false;
    }
    this.look();
  }

  stop(): void {
    this.#timer.cancel();
  }

  #judgeBy(stream: WatchStream, revision: bigint, since: number): void {
    if (stream.aliveAt > since || stream.closed) return;
    stream.aliveAt = this.#platform.now();
    if (revision > stream.revision) this.#watched.doubtful(stream);
  }

  // A refusal is an answer: etcd can be reached. So is the word that there are too many calls, which more would not mend.
  #judgeByFailure(stream: WatchStream, reason: EtcdError, since: number): void {
    if (stream.aliveAt > since || stream.closed) return;
    stream.aliveAt = this.#platform.now();
    if (isPassing(reason) && reason.code !== "rate-limited") this.#watched.lost(stream, reason);
  }
}
