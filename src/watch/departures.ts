import type { Clock } from "../platform/clock.ts";
import type { Follower } from "./follower.ts";
import type { WatchStream } from "./watch-stream.ts";

/**
 * A create from before a compaction is refused a moment after it was confirmed, with etcd's next pass over watches that
 * are behind (every 100 ms). So long the stream before it stays, and not much longer.
 */
const passMs = 200;
const graceMs = 500;

/** A stream that leaves. */
interface Departure {
  readonly since: number;
  /** Stops its end; undefined: it stays, because a watch could not follow. */
  readonly cancel: (() => void) | undefined;
}

/** Streams that have been replaced. They are heard a moment longer, and longer yet where a watch could not follow. */
export class Departures {
  readonly #clock: Clock;
  readonly #streams = new Map<WatchStream, Departure>();
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
    const cancel = this.#clock.setTimeout(() => this.#end(stream), graceMs);
    this.#streams.set(stream, { since: this.#clock.now(), cancel });
  }

  /** Milliseconds until those that leave have been heard long enough for others to take their place. */
  get busyMs(): number {
    const since = [...this.#streams.values()].filter(({ cancel }) => cancel).map((departure) => departure.since);
    return Math.max(0, ...since.map((each) => each + passMs - this.#clock.now()));
  }

  /** Others take their place: a page has six connections. */
  hurry(): void {
    for (const [stream, { cancel }] of [...this.#streams]) if (cancel) this.#end(stream);
  }

  /** Leaves a watch alone on the stream it came from, until something tells how far it has come. */
  keep(follower: Follower): void {
    for (const [stream, { since, cancel }] of this.#streams) {
      if (!stream.has(follower)) continue;
      cancel?.();
      this.#streams.set(stream, { since, cancel: undefined });
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
    for (const [stream, { cancel }] of [...this.#streams]) {
      const holds = [...stream.followers].some((follower) => this.#kept.has(follower));
      if (cancel === undefined && !holds) this.add(stream);
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
    this.#streams.get(stream)?.cancel?.();
    this.#streams.delete(stream);
    for (const follower of stream.followers) this.#kept.delete(follower);
  }

  /** Ends them all. */
  close(): void {
    for (const stream of [...this.#streams.keys()]) this.#end(stream);
  }

  #end(stream: WatchStream): void {
    this.remove(stream);
    stream.close();
  }
}
