import type { Clock } from "../platform/clock.ts";
import { Departures } from "./departures.ts";
import type { Follower } from "./follower.ts";
import type { Sizes } from "./plan.ts";
import type { WatchStream } from "./watch-stream.ts";

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
    return this.#trunk !== undefined;
  }

  /** Milliseconds until there is room for another. */
  get busyMs(): number {
    return this.#departures.busyMs;
  }

  get sizes(): Pick<Sizes, "trunk" | "young" | "dead"> {
    const dead = (this.#trunk?.dead ?? 0) + (this.#young?.dead ?? 0);
    return { trunk: this.#trunk?.size, young: this.#young?.size, dead };
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
  followers(all: boolean): Iterable<Follower> {
    const young = this.#young?.followers ?? [];
    return all ? [...young, ...(this.#trunk?.followers ?? []), ...this.#departures.ready] : young;
  }

  /** A stream of the young ones, or of everybody, has been asked for. */
  open(stream: WatchStream, all: boolean): void {
    const ready = all ? this.#departures.ready : [];
    this.#departures.hurry();
    this.#opening = { stream, all, ready };
  }

  /** Its creates have been answered: it takes the place of those it replaces. Gives whether it is of everybody. */
  answered(stream: WatchStream): boolean {
    const all = this.#opening?.all === true || this.#trunk === undefined;
    const ready = this.#opening?.ready ?? [];
    this.#opening = undefined;
    this.#depart(this.#young, stream);
    if (all) {
      this.#depart(this.#trunk, stream);
      [this.#trunk, this.#young] = [stream, undefined];
      this.#departures.settle(stream, ready);
    } else this.#young = stream;
    this.forgetClosed();
    return all;
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

  /** Goes at once where every watch of the new stream began beyond what compaction can have taken. */
  #depart(stream: WatchStream | undefined, successor: WatchStream): void {
    if (!successor.wasBehind) stream?.close();
    else if (stream) this.#departures.add(stream);
  }
}
