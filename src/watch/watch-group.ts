import { EtcdError } from "../base/errors.ts";
import type { KeyRange } from "../base/range.ts";
import type { Platform } from "../platform/platform.ts";
import type { Caller } from "../transport/caller.ts";
import type { Endpoint } from "../transport/endpoints.ts";
import { blamesEndpoint } from "../transport/to-etcd-error.ts";
import type { ClusterGuard } from "./cluster-guard.ts";
import type { StreamConnection } from "./connection.ts";
import type { Follower, Subject } from "./follower.ts";
import type { Parts } from "./parts.ts";
import { Patience } from "./patience.ts";
import { type Pinned, pinStarts } from "./pin.ts";
import { plan } from "./plan.ts";
import { Retry } from "./retry.ts";
import { Rotator } from "./rotator.ts";
import { StreamSet } from "./stream-set.ts";
import { rangeOf } from "./subject.ts";
import { Timer } from "./timer.ts";
import { isOneKey, type LastChanges, passUntouched } from "./untouched.ts";
import { type StreamListener, WatchStream } from "./watch-stream.ts";
import { Watchdog } from "./watchdog.ts";

interface ReadOptions {
  readonly signal: AbortSignal;
  readonly headers: Headers;
}

/** What watches need of their client. */
export interface WatchContext {
  readonly caller: Caller;
  readonly platform: Platform;
  readonly connection: StreamConnection;
  /** The store's present revision, by a linearizable read that touches no more than the range's first key. */
  pin(range: KeyRange, options: ReadOptions): Promise<bigint>;
  /** When these keys were changed last, by a linearizable read. */
  lastChanges(keys: readonly Uint8Array[], options: ReadOptions): ReturnType<LastChanges>;
  /** Where the next call goes; it is left where it does not do. */
  readonly chooseEndpoint?: (() => Pick<Endpoint, "failed">) | undefined;
  /** There is another. */
  readonly severalEndpoints?: boolean | undefined;
  /** The server has refused the present token; the next stream has another. Undefined: there are no tokens. */
  readonly rejectToken?: (() => void) | undefined;
}

/** etcd bookmarks every 10 minutes and a tenth of it, whatever its settings. */
const longestSilenceMs = 11.5 * 60_000;
/** So long after the last coming or going, streams become one. */
const quietMs = 3_000;
/** Streams that could not be made one, or freed of who has left, are well as they are: there is time. */
const restMs = 60_000;

/** What a group is at: one thing at a time. "free": it can begin another. */
type Phase = "closed" | "backing off" | "pinning" | "opening" | "free";

/**
 * The watches of a client that have the same headers, on as few streams as can be: a main one, and a small one of those
 * that came later. To change a stream's set, a new one is opened from where each watch stands, and the old one dropped
 * when the new one is confirmed; until then both deliver, and a watch takes each revision from whichever is first.
 */
export class WatchGroup {
  readonly #context: WatchContext;
  readonly #headers: Headers;
  readonly #stop = new AbortController();
  readonly #listener: StreamListener;
  readonly #members = new Set<Follower>();
  /** On no stream yet. */
  readonly #waiting = new Set<Follower>();
  /** Of those the ones whose history is gone: a read may tell that nothing happened to them. */
  readonly #behind = new Map<Follower, EtcdError>();
  readonly #streams: StreamSet;
  readonly #watchdog: Watchdog;
  readonly #guard: ClusterGuard;
  readonly #parts: Parts;
  readonly #retry: Retry;
  readonly #patience: Patience;
  readonly #rotator: Rotator;
  /** After everything else of this tick, or later. */
  readonly #turn: Timer;
  /** Runs since somebody has come or gone. */
  readonly #unrest: Timer;
  /** Runs since a stream could not be opened without which all goes on: no other such one is tried. */
  readonly #rest: Timer;
  #pinning = false;

  constructor(context: WatchContext, guard: ClusterGuard, parts: Parts, headers: Subject["headers"]) {
    const { platform } = context;
    const work = (): void => this.#work();
    this.#context = context;
    this.#guard = guard;
    this.#parts = parts;
    this.#headers = new Headers(headers.map(([name, value]): [string, string] => [name, value]));
    this.#streams = new StreamSet(platform);
    this.#retry = new Retry(platform, work);
    this.#patience = new Patience(context);
    this.#rotator = new Rotator(platform, work);
    this.#turn = new Timer(platform, work);
    this.#unrest = new Timer(platform, work);
    this.#rest = new Timer(platform, work);
    this.#listener = {
      met: (clusterId, revision) => guard.met(clusterId, revision, this.#present),
      paced: () => this.#watchdog.look(),
      reached: (stream, revision) => this.#onReached(stream, revision),
      confirmed: (follower) => this.#patience.confirmed(follower),
      answered: (stream) => this.#onAnswered(stream),
      canceled: (stream, follower, error, reopened) => this.#onCanceled(stream, follower, error, reopened),
      ended: (stream, error) => this.#onCut(stream, error),
    };
    this.#watchdog = new Watchdog(platform, {
      streams: () => this.#streams.all,
      probe: () => this.#read(this.#anyRange()),
      lost: (stream, error) => this.#onLost(stream, error),
      doubtful: (stream) => this.#onDoubtful(stream),
    });
  }

  get size(): number {
    return this.#members.size;
  }

  /** It has been left by all; another takes its place. */
  get isClosed(): boolean {
    return this.#stop.signal.aborted;
  }

  get members(): IterableIterator<Follower> {
    return this.#members.values();
  }

  /** Members that neither wait nor are on an open stream. There are none, ever: tests look after each step. */
  get adrift(): readonly Follower[] {
    return [...this.#members].filter((each) => !this.#waiting.has(each) && !this.#streams.carries(each));
  }

  /** A watch comes, or comes back: those of the same tick go together. */
  add(follower: Follower): void {
    this.#members.add(follower);
    this.#waiting.add(follower);
    this.#unrest.set(quietMs);
    if (!this.#streams.isLive && this.#retry.calm) this.#report("connecting");
    this.#soon();
  }

  /** A watch goes: at once for its reader, with the next hand-over for the server. */
  remove(follower: Follower): void {
    if (!this.#members.delete(follower)) return;
    this.#waiting.delete(follower);
    this.#behind.delete(follower);
    this.#streams.drop(follower);
    if (this.#members.size === 0) {
      this.#close();
      return;
    }
    this.#unrest.set(quietMs);
    this.#soon();
  }

  /** Looks at once whether the streams still live: the page was asleep, or the network has changed. */
  wake(): void {
    this.#rotator.doubt();
    if (this.#retry.pending) this.#retry.now();
    else void this.#watchdog.probe();
  }

  get #phase(): Phase {
    if (this.isClosed) return "closed";
    if (this.#retry.pending) return "backing off";
    if (this.#pinning) return "pinning";
    return this.#streams.isOpening ? "opening" : "free";
  }

  #close(): void {
    this.#stop.abort();
    this.#streams.close();
    for (const each of [this.#watchdog, this.#rotator]) each.stop();
    for (const each of [this.#retry, this.#turn, this.#unrest, this.#rest]) each.cancel();
    this.#context.connection.report(this, undefined);
  }

  #soon(ms = 0): void {
    if (!this.#turn.isSet) this.#turn.set(ms);
  }

  /**
   * Begins what is to be done next, unless something is under way: whatever ends it comes here again. Those who came
   * during a read wait for the next one, which does not begin before those of the last one are on their way.
   */
  #work(hasPinned = false): void {
    if (this.#phase !== "free") return;
    const unpinned = [...this.#waiting].filter(({ next }) => next === undefined);
    const ready = this.#waiting.size - unpinned.length;
    if (unpinned.length > 0 && !(hasPinned && ready > 0)) {
      void this.#pin(() => pinStarts(unpinned, (range) => this.#read(range), this.#goesOn));
      return;
    }
    if (this.#behind.size > 0) {
      void this.#pin(() => this.#passUntouched());
      return;
    }
    const { busyMs } = this.#streams;
    if (busyMs > 0) {
      this.#soon(busyMs);
      return;
    }
    const resting = this.#rest.isSet;
    const sizes = { ...this.#streams.sizes, ...(resting && { waiting: 0, dead: 0 }) };
    const next = plan({ ...sizes, waiting: sizes.waiting + ready, quiet: !resting && !this.#unrest.isSet });
    if (next === "nothing") this.#reportLive();
    else this.#open(next === "all");
  }

  async #pin(pin: () => Promise<Pinned>): Promise<void> {
    this.#pinning = true;
    const endpoint = this.#context.chooseEndpoint?.();
    const { refused, again } = await pin();
    this.#pinning = false;
    if (this.#stop.signal.aborted) return;
    for (const [follower, error] of refused) this.#fail(follower, error);
    if (again && !this.isClosed) this.#retryLater(again, endpoint);
    this.#work(true);
  }

  async #passUntouched(): Promise<Pinned> {
    const options = { signal: this.#stop.signal, headers: this.#headers };
    const read: LastChanges = async (keys) => {
      let answer: Awaited<ReturnType<LastChanges>> = { revision: 0n, changedAt: [] };
      await this.#guard.check(async () => {
        answer = await this.#context.lastChanges(keys, options);
        return answer.revision;
      });
      return answer;
    };
    return await passUntouched(this.#behind, read, (follower, error) => this.#patience.withRead(follower, error));
  }

  #open(all: boolean): void {
    const ready = [...this.#waiting].filter(({ next }) => next !== undefined);
    const followers = new Set([...ready, ...this.#streams.followers(all)]);
    for (const follower of ready) this.#waiting.delete(follower);
    const { caller, platform, chooseEndpoint } = this.#context;
    const stream = new WatchStream(caller, platform, this.#listener, followers, this.#parts.wanted(followers));
    stream.endpoint = chooseEndpoint?.();
    this.#streams.open(stream, all);
    this.#watchdog.look();
    void stream.run(this.#headers);
  }

  #onReached(stream: WatchStream, revision: bigint): void {
    this.#guard.reached(revision);
    this.#rotator.moved(stream);
    // It may have been kept for a watch that knows again where it stands.
    if (!this.#streams.isCurrent(stream)) this.#soon();
  }

  #onAnswered(stream: WatchStream): void {
    if (!this.#streams.isOpeningOf(stream)) return;
    this.#rest.cancel();
    this.#guard.begun(stream.furthest, this.#present);
    this.#streams.answered(stream, (replaced) => this.#rotator.trialMs(replaced));
    this.#rotator.follow(this.#streams.oldest);
    this.#reportLive();
    this.#watchdog.look();
    this.#work();
  }

  #onCanceled(stream: WatchStream, follower: Follower, error: EtcdError, reopened: boolean): void {
    this.#streams.forgetClosed();
    const elsewhere = this.#streams.carries(follower, stream);
    // The stream before has lost nothing: history was compacted behind a watch to which nothing had happened.
    if (elsewhere && error.code === "compacted") {
      this.#streams.keep(follower);
      this.#soon(); // it may have been the last of an opening stream, for whose end others waited
    } else if (error.code === "compacted" && reopened && isOneKey(follower)) this.#doubt(follower, error);
    else if (this.#patience.withWatch(follower, error)) this.#again([follower], error, stream.endpoint);
    else this.#fail(follower, error);
  }

  readonly #goesOn = (follower: Follower, error: EtcdError): boolean => this.#patience.withWatch(follower, error);

  #doubt(follower: Follower, error: EtcdError): void {
    this.#waiting.add(follower);
    this.#behind.set(follower, error);
    this.#soon();
  }

  #onCut(stream: WatchStream, error: EtcdError): void {
    this.#rotator.ended(stream);
    this.#onEnded(stream, error);
  }

  #onEnded(stream: WatchStream, error: EtcdError): void {
    const wasOpening = this.#streams.isOpeningOf(stream);
    this.#streams.ended(stream);
    this.#rotator.follow(this.#streams.oldest);
    this.#retry.lived(stream.openedAt);
    const left = [...stream.followers].filter((follower) => !this.#streams.holds(follower));
    if (error.code === "too-large" && !stream.inParts) {
      // Also those that another stream still holds: it may be one that is to be replaced.
      this.#parts.want(stream.followers, stream.revision);
      for (const follower of left) this.#waiting.add(follower);
      this.#soon();
      return;
    }
    const going: Follower[] = [];
    for (const follower of left) {
      if (this.#patience.withStream(follower, error)) going.push(follower);
      else this.#fail(follower, error);
    }
    this.#again(going, error, stream.endpoint);
    // Others may have come while this one was opening, and one that is worn still needs another.
    const needed = (wasOpening && this.#waiting.size > 0) || this.#streams.sizes.worn;
    if (this.#phase !== "free") return;
    if (needed) this.#retryLater(error, stream.endpoint);
    else if (wasOpening) this.#rest.set(restMs);
  }

  #onLost(stream: WatchStream, error: EtcdError): void {
    stream.endpoint?.failed();
    stream.close();
    this.#onEnded(stream, error);
  }

  #onDoubtful(stream: WatchStream): void {
    if (this.#streams.isCurrent(stream)) {
      stream.worn = true;
      this.#work();
    } else if (this.#context.platform.now() - stream.heardAt > longestSilenceMs) {
      this.#onLost(stream, new EtcdError("unavailable", "Watch: the link is dead, nothing came for too long"));
    }
  }

  #again(followers: readonly Follower[], reason: EtcdError, endpoint: WatchStream["endpoint"]): void {
    for (const follower of followers) this.#waiting.add(follower);
    if (followers.length > 0) this.#retryLater(reason, endpoint);
  }

  #fail(follower: Follower, error: EtcdError): void {
    this.remove(follower);
    follower.failed(error);
  }

  #retryLater(reason: EtcdError, endpoint?: WatchStream["endpoint"]): void {
    const state = this.#retry.later(reason);
    if (state === undefined) return;
    if (this.#patience.isOfMember(reason) && !blamesEndpoint(reason)) endpoint?.failed();
    this.#context.connection.report(this, state);
  }

  #reportLive(): void {
    if (this.#streams.isLive && this.#waiting.size === 0) this.#report("live");
  }

  #report(state: "connecting" | "live"): void {
    if (!this.#retry.pending) this.#context.connection.report(this, { state });
  }

  /** What a member may read. */
  #anyRange(): KeyRange {
    const [follower] = this.#members;
    return rangeOf(follower?.subject ?? { range: "\0" });
  }

  #read(range: KeyRange): Promise<bigint> {
    return this.#guard.check(() => this.#pinAt(range));
  }

  readonly #present = (): Promise<bigint> => this.#pinAt(this.#anyRange());

  #pinAt(range: KeyRange): Promise<bigint> {
    return this.#context.pin(range, { signal: this.#stop.signal, headers: this.#headers });
  }
}
