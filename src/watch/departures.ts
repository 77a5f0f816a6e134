import type { Clock } from "../platform/clock.ts";
import type { Follower } from "./follower.ts";
import type { WatchStream } from "./watch-stream.ts";

/** A create from before a compaction is refused a moment after it was confirmed: so long the stream before it stays. */
const graceMs = 500;

/** Streams that have been replaced. They are heard a moment longer, and longer yet where a watch could not follow. */
export class Departures {
  readonly #clock: Clock;
  /** With what stops the end of each. */
  readonly #streams = new Map<WatchStream, () => void>();
  /** Watches left alone on one of them, with where they stood then. */
  readonly #kept = new Map<Follower, bigint>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get streams(): IterableIterator<WatchStream> {
    return this.#streams.keys();
  }

  /** A stream was replaced. */
  add(stream: WatchStream): void {
    if (stream.closed) return;
    const end = (): void => {
      this.#streams.delete(stream);
      stream.close();
    };
    this.#streams.set(stream, this.#clock.setTimeout(end, graceMs));
  }

  /** Leaves a watch alone on the stream it came from, until something tells how far it has come. */
  keep(follower: Follower): void {
    for (const [stream, cancel] of this.#streams) {
      if (!stream.has(follower)) continue;
      cancel();
      this.#streams.set(stream, () => {});
      this.#kept.set(follower, follower.next ?? 0n);
      for (const other of [...stream.followers]) if (!this.#kept.has(other)) stream.drop(other);
    }
  }

  /** Those left alone who know again where they stand: they can go with the others. */
  takeReady(): readonly Follower[] {
    const ready = [...this.#kept].filter(([follower, next]) => (follower.next ?? 0n) > next);
    for (const [follower] of ready) this.#kept.delete(follower);
    return ready.map(([follower]) => follower);
  }

  /** Everybody has been taken along that could be: what holds nobody any more ends. */
  settle(): void {
    for (const [stream, cancel] of [...this.#streams]) {
      const holds = [...stream.followers].some((follower) => this.#kept.has(follower));
      if (stream.closed) this.remove(stream);
      else if (!holds) {
        cancel();
        this.add(stream);
      }
    }
  }

  /** A watch goes. */
  forget(follower: Follower): void {
    this.#kept.delete(follower);
    for (const stream of [...this.#streams.keys()]) {
      stream.drop(follower);
      if (stream.closed) this.remove(stream);
    }
  }

  /** A stream has ended by itself. */
  remove(stream: WatchStream): void {
    this.#streams.get(stream)?.();
    this.#streams.delete(stream);
    for (const follower of stream.followers) this.#kept.delete(follower);
  }

  /** Ends them all. */
  close(): void {
    for (const [stream, cancel] of this.#streams) {
      cancel();
      stream.close();
    }
    this.#streams.clear();
    this.#kept.clear();
  }
}
