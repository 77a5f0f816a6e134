import type { Clock } from "../platform/clock.ts";
import type { Follower } from "./follower.ts";
import type { WatchStream } from "./watch-stream.ts";

/**
 * A create from before a compaction is refused a moment after it was confirmed: etcd looks at 512 watches that are
 * behind in a pass, every 100 ms, and passes over thousands take their time. So long the stream before it stays.
 */
const passMs = ({ size }: WatchStream): number => 200 + 0.4 * size;
const graceMs = ({ size }: WatchStream): number => 500 + size;

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

  /** How many stay, because watches could not follow, and those that will when the others hurry. */
  get kept(): number {
    return [...this.#streams].filter(([stream, { cancel }]) => cancel === undefined || this.#isNeeded(stream)).length;
  }

  /** A stream was replaced, and leaves after `ms` milliseconds. */
  add(stream: WatchStream, ms: number = graceMs(stream)): void {
    if (stream.closed) return;
    const cancel = this.#clock.setTimeout(() => this.#thin(stream), ms);
    this.#streams.set(stream, { since: this.#clock.now(), cancel });
  }

  /** Milliseconds until those that leave have been heard long enough for others to take their place. */
  get busyMs(): number {
    const leaving = [...this.#streams].filter(([, { cancel }]) => cancel);
    return Math.max(0, ...leaving.map(([stream, { since }]) => since + passMs(stream) - this.#clock.now()));
  }

  /** Others take their place: a page has six connections. */
  hurry(): void {
    for (const [stream, { cancel }] of [...this.#streams]) if (cancel) this.#thin(stream);
  }

  /** Leaves a watch where it is, until something tells how far it has come. Its stream may be about to leave only. */
  keep(follower: Follower): void {
    this.#kept.set(follower, follower.next ?? 0n);
    // More refusals may follow: the server looks at some watches only with each pass.
    for (const [stream, { cancel }] of [...this.#streams]) {
      if (!cancel || !stream.has(follower)) continue;
      cancel();
      this.#streams.delete(stream);
      this.add(stream);
    }
  }

  /** Whether one of them stays for this watch. */
  keeps(follower: Follower): boolean {
    return this.#kept.has(follower) && [...this.#streams.keys()].some((stream) => stream.has(follower));
  }

  /** Those left alone who know again where they stand: they can go with the others. */
  get ready(): readonly Follower[] {
    return [...this.#kept].filter(([follower, next]) => (follower.next ?? 0n) > next).map(([follower]) => follower);
  }

  /** `successor` has taken along who could be: what holds nobody any more ends. */
  settle(successor: WatchStream, ready: readonly Follower[]): void {
    for (const follower of ready) if (successor.has(follower)) this.#kept.delete(follower);
    for (const [stream, { cancel }] of [...this.#streams]) {
      if (cancel === undefined && !this.#isNeeded(stream)) this.add(stream);
    }
  }

  /** A watch goes. */
  forget(follower: Follower): void {
    this.#kept.delete(follower);
    for (const stream of this.#streams.keys()) stream.drop(follower);
    this.forgetClosed();
  }

  /** Streams end with their last watch. */
  forgetClosed(): void {
    for (const stream of [...this.#streams.keys()]) if (stream.closed) this.remove(stream);
  }

  /** A stream has ended by itself. */
  remove(stream: WatchStream): void {
    const departure = this.#streams.get(stream);
    if (departure === undefined) return;
    departure.cancel?.();
    this.#streams.delete(stream);
    for (const follower of stream.followers) this.#kept.delete(follower);
  }

  /** Ends them all. */
  close(): void {
    for (const stream of [...this.#streams.keys()]) this.#end(stream);
  }

  /** It holds a watch that could not follow. */
  #isNeeded(stream: WatchStream): boolean {
    return [...stream.followers].some((follower) => this.#kept.has(follower));
  }

  #end(stream: WatchStream): void {
    this.remove(stream);
    stream.close();
  }

  /** Only those stay on it that could not follow. */
  #thin(stream: WatchStream): void {
    this.#streams.get(stream)?.cancel?.();
    for (const each of [...stream.followers]) if (!this.#kept.has(each)) stream.drop(each);
    if (stream.closed) this.remove(stream);
    else this.#streams.set(stream, { since: this.#clock.now(), cancel: undefined });
  }
}
