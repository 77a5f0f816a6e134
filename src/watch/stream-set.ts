import type { Clock } from "../platform/clock.ts";
import { Departures } from "./departures.ts";
import type { Follower } from "./follower.ts";
import type { Sizes } from "./plan.ts";
import type { WatchStream } from "./watch-stream.ts";

/** A page has six connections, over HTTP/1.1. */
const most = 3;

/** The streams of a group: a main one, a small one of those that came later, the one being opened, and those that leave. */
export class StreamSet {
  readonly #departures: Departures;
  #trunk: WatchStream | undefined;
  #young: WatchStream | undefined;
  #opening: { readonly stream: WatchStream; readonly all: boolean; readonly ready: readonly Follower[] } | undefined;

  constructor(clock: Clock) {
    this.#departures = new Departures(clock);
  }

  /** All that are heard. */
  get all(): readonly WatchStream[] {
    const streams = [this.#trunk, this.#young, this.#opening?.stream, ...this.#departures.streams];
    return streams.filter((stream) => stream !== undefined);
  }

  get isOpening(): boolean {
    return this.#opening !== undefined;
  }

  /** Some watches are confirmed. */
  get isLive(): boolean {
    return this.all.some(({ answered, closed }) => answered && !closed);
  }

  /** Milliseconds until there is room for another. */
  get busyMs(): number {
    return this.#departures.busyMs;
  }

  /** Whether a stream that is to stay has the watch, or one that was kept for it. */
  holds(follower: Follower): boolean {
    const staying = [this.#trunk, this.#young, this.#opening?.stream];
    return staying.some((stream) => stream?.has(follower)) || this.#departures.keeps(follower);
  }

  /** How many watches are where; those that were kept and could go with the others now count as waiting. */
  get sizes(): Pick<Sizes, "trunk" | "young" | "waiting" | "kept" | "dead" | "worn"> {
    const { ready, kept } = this.#departures;
    const [trunk, young] = [this.#trunk, this.#young];
    const dead = (trunk?.dead ?? 0) + (young?.dead ?? 0);
    const worn = trunk?.worn === true || young?.worn === true;
    return { trunk: trunk?.size, young: young?.size, waiting: ready.length, kept, dead, worn };
  }

  /** The one that has been open for the longest, of those that are to stay. */
  get oldest(): WatchStream | undefined {
    const [trunk, young] = [this.#trunk, this.#young];
    return trunk && young && young.openedAt < trunk.openedAt ? young : trunk;
  }

  /** Whether this one is to stay. */
  isCurrent(stream: WatchStream): boolean {
    return stream === this.#trunk || stream === this.#young;
  }

  /** Whether a stream other than this one has the watch. */
  carries(follower: Follower, except?: WatchStream): boolean {
    return this.all.some((stream) => stream !== except && !stream.closed && stream.has(follower));
  }

  /** Who is to be on a new stream beside those who wait: the young ones, or everybody. */
  followers(all: boolean): readonly Follower[] {
    const trunk = all ? (this.#trunk?.followers ?? []) : [];
    return [...(this.#young?.followers ?? []), ...trunk, ...this.#departures.ready];
  }

  /** A stream of the young ones, or of everybody, has been asked for. */
  open(stream: WatchStream, all: boolean): void {
    const { ready } = this.#departures;
    this.#departures.hurry();
    this.#makeRoom(all);
    this.#opening = { stream, all, ready };
  }

  /**
   * Its creates have been answered: it takes the place of those it replaces.
   *
   * @param trialMs how long one of those is to stay at least
   */
  answered(stream: WatchStream, trialMs: (replaced: WatchStream) => number): void {
    const all = this.#opening?.all === true || this.#trunk === undefined;
    const ready = this.#opening?.ready ?? [];
    this.#opening = undefined;
    for (const replaced of all ? [this.#young, this.#trunk] : [this.#young]) {
      if (replaced) this.#depart(replaced, stream, trialMs(replaced));
    }
    if (all) [this.#trunk, this.#young] = [stream, undefined];
    else this.#young = stream;
    this.#departures.settle(stream, ready);
    this.forgetClosed();
  }

  isOpeningOf(stream: WatchStream): boolean {
    return this.#opening?.stream === stream;
  }

  /** A watch could not follow: it stays where it is. */
  keep(follower: Follower): void {
    this.#departures.keep(follower);
  }

  /** A watch goes. */
  drop(follower: Follower): void {
    for (const stream of this.all) stream.drop(follower);
    this.#departures.forget(follower);
    this.forgetClosed();
  }

  /** A stream has ended by itself. */
  ended(stream: WatchStream): void {
    this.#departures.remove(stream);
    this.forgetClosed();
  }

  /** Streams end with their last watch; the small one is the main one when it is the only one. */
  forgetClosed(): void {
    this.#departures.forgetClosed();
    if (this.#trunk?.closed) this.#trunk = undefined;
    if (this.#young?.closed) this.#young = undefined;
    if (this.#trunk === undefined) [this.#trunk, this.#young] = [this.#young, undefined];
    if (this.#opening?.stream.closed) this.#opening = undefined;
  }

  /** Ends them all. */
  close(): void {
    for (const stream of this.all) stream.close();
    this.#departures.close();
    this.forgetClosed();
  }

  // Where some are kept, those that are replaced have to go before they can be.
  #makeRoom(all: boolean): void {
    for (const replaced of all ? [this.#young, this.#trunk] : [this.#young]) {
      if (this.all.filter(({ closed }) => !closed).length >= most) replaced?.close();
    }
    this.forgetClosed();
  }

  /** Goes at once where every watch of the new stream began beyond what compaction can have taken. */
  #depart(stream: WatchStream, successor: WatchStream, trialMs: number): void {
    if (trialMs > 0) this.#departures.add(stream, trialMs);
    else if (successor.wasBehind) this.#departures.add(stream);
    else stream.close();
  }
}
