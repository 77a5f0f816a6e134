import { backoffMs } from "../base/backoff.ts";
import type { EtcdError } from "../base/errors.ts";
import type { KeyRange } from "../base/range.ts";
import type { Platform } from "../platform/platform.ts";
import type { Caller } from "../transport/caller.ts";
import { toEtcdError } from "../transport/to-etcd-error.ts";
import type { StreamConnection } from "./connection.ts";
import type { Follower, Subject } from "./follower.ts";
import { isPassing } from "./passing.ts";
import { plan } from "./plan.ts";
import { type StreamListener, WatchStream } from "./watch-stream.ts";
import { Watchdog } from "./watchdog.ts";

/** What watches need of their client. */
export interface WatchContext {
  readonly caller: Caller;
  readonly platform: Platform;
  readonly connection: StreamConnection;
  /** The store's present revision, by a linearizable read that touches no more than the range's first key. */
  pin(range: KeyRange, options: { readonly signal: AbortSignal; readonly headers: Headers }): Promise<bigint>;
}

const retries = { firstMs: 250, longestMs: 10_000 };
/** A stream that has lived as long was not part of the trouble before it. */
const stableMs = 10_000;
/** So long after the last coming or going, streams become one. */
const quietMs = 3_000;
/** A create from before a compaction is refused a moment after it was confirmed: so long the streams before stay. */
const graceMs = 500;
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
  #trunk: WatchStream | undefined;
  #young: WatchStream | undefined;
  #opening: { readonly stream: WatchStream; readonly all: boolean } | undefined;
  /** Replaced; still heard, for a moment. */
  readonly #leaving = new Map<WatchStream, () => void>();
  readonly #watchdog: Watchdog;
  #pinning = false;
  #doubtful = false;
  #failures = 0;
  #cancelWork: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;
  #cancelQuiet: (() => void) | undefined;

  constructor(context: WatchContext, headers: Subject["headers"]) {
    this.#context = context;
    this.#headers = new Headers(headers.map(([name, value]): [string, string] => [name, value]));
    this.#listener = {
      answered: (stream) => this.#onAnswered(stream),
      canceled: (stream, follower, error) => this.#onCanceled(stream, follower, error),
      ended: (stream, error) => this.#onEnded(stream, error),
    };
    this.#watchdog = new Watchdog(context.platform, {
      streams: () => this.#streams(),
      probe: () => this.#probe(),
      lost: (stream, error) => this.#onLost(stream, error),
      doubtful: (stream) => this.#onDoubtful(stream),
    });
  }

  get size(): number {
    return this.#members.size;
  }

  /** A watch comes, or comes back: those of the same tick go together. */
  add(follower: Follower): void {
    this.#members.add(follower);
    this.#waiting.add(follower);
    this.#stir();
    if (this.#trunk === undefined && this.#failures === 0) this.#report("connecting");
    this.#soon();
  }

  /** A watch goes: at once for its reader, with the next hand-over for the server. */
  remove(follower: Follower): void {
    if (!this.#members.delete(follower)) return;
    this.#waiting.delete(follower);
    for (const stream of this.#streams()) stream.drop(follower);
    if (this.#members.size === 0) {
      this.#close();
      return;
    }
    this.#forgetClosed();
    this.#stir();
    this.#soon();
  }

  /** Looks at once whether the streams still live: the page was asleep, or the network has changed. */
  wake(): void {
    if (this.#cancelRetry) this.#retryNow();
    else void this.#watchdog.probe();
  }

  #streams(): WatchStream[] {
    const streams = [this.#trunk, this.#young, this.#opening?.stream, ...this.#leaving.keys()];
    return streams.filter((stream) => stream !== undefined);
  }

  #close(): void {
    this.#stop.abort();
    for (const stream of this.#streams()) stream.close();
    this.#trunk = this.#young = this.#opening = undefined;
    this.#watchdog.stop();
    for (const cancel of this.#leaving.values()) cancel();
    for (const cancel of [this.#cancelWork, this.#cancelRetry, this.#cancelQuiet]) cancel?.();
    this.#leaving.clear();
    this.#context.connection.report(this, undefined);
  }

  /** After everything else of this tick. */
  #soon(): void {
    this.#cancelWork ??= this.#context.platform.setTimeout(() => {
      this.#cancelWork = undefined;
      this.#work();
    }, 0);
  }

  /** Somebody has come or gone: the time of quiet begins anew. */
  #stir(): void {
    this.#cancelQuiet?.();
    this.#cancelQuiet = this.#context.platform.setTimeout(() => {
      this.#cancelQuiet = undefined;
      this.#work();
    }, quietMs);
  }

  #work(): void {
    if (this.#stop.signal.aborted || this.#opening || this.#pinning || this.#cancelRetry) return;
    const unpinned = [...this.#waiting].filter(({ next }) => next === undefined);
    if (unpinned.length > 0) {
      void this.#pin(unpinned);
      return;
    }
    const next = plan({
      trunk: this.#trunk?.size,
      young: this.#young?.size,
      waiting: this.#waiting.size,
      dead: (this.#trunk?.dead ?? 0) + (this.#young?.dead ?? 0),
      quiet: this.#cancelQuiet === undefined,
      doubtful: this.#doubtful,
    });
    if (next !== "nothing") this.#open(next === "all");
  }

  // A start of "now" is pinned by a read: the revision that `created` names is too late on newer servers.
  async #pin(followers: readonly Follower[]): Promise<void> {
    this.#pinning = true;
    try {
      const fixed = followers.filter(({ subject }) => subject.startRevision !== undefined);
      for (const follower of fixed) follower.next = follower.subject.startRevision;
      const open = followers.filter(({ next }) => next === undefined);
      if (open.length > 0) await this.#pinTogether(open);
    } finally {
      this.#pinning = false;
    }
    this.#work();
  }

  /** One read serves all; where it is refused, each watch's own permission decides. */
  async #pinTogether(followers: readonly Follower[]): Promise<void> {
    for (const [i, follower] of followers.entries()) {
      if (!this.#members.has(follower)) continue;
      try {
        const options = { signal: this.#stop.signal, headers: this.#headers };
        const revision = await this.#context.pin(follower.subject.range, options);
        for (const other of followers.slice(i)) other.next = revision + 1n;
        return;
      } catch (error) {
        const reason = toEtcdError(error, { what: "Watch", write: false });
        if (this.#stop.signal.aborted) return;
        if (isPassing(reason)) {
          this.#retryLater(reason);
          return;
        }
        this.#fail(follower, reason);
      }
    }
  }

  #open(all: boolean): void {
    const followers = new Set([...this.#waiting, ...(this.#young?.followers ?? [])]);
    if (all) for (const follower of this.#trunk?.followers ?? []) followers.add(follower);
    this.#waiting.clear();
    const stream = new WatchStream(this.#context.caller, this.#context.platform, this.#listener, followers);
    this.#opening = { stream, all };
    this.#watchdog.look();
    void stream.run(this.#headers);
  }

  #onAnswered(stream: WatchStream): void {
    if (this.#opening?.stream !== stream) return;
    const { all } = this.#opening;
    this.#opening = undefined;
    if (all) this.#doubtful = false;
    this.#leave(this.#young);
    this.#young = undefined;
    if (all) {
      this.#leave(this.#trunk);
      this.#trunk = stream;
    } else this.#young = stream;
    this.#forgetClosed();
    if (this.#trunk !== undefined && this.#waiting.size === 0) this.#report("live");
    this.#watchdog.look();
    this.#work();
  }

  #leave(stream: WatchStream | undefined): void {
    if (stream === undefined || stream.closed) return;
    const end = (): void => {
      this.#leaving.delete(stream);
      stream.close();
    };
    this.#leaving.set(stream, this.#context.platform.setTimeout(end, graceMs));
  }

  /** Streams end by themselves with their last watch. */
  #forgetClosed(): void {
    if (this.#trunk?.closed) this.#trunk = undefined;
    if (this.#young?.closed) this.#young = undefined;
    if (this.#opening?.stream.closed) this.#opening = undefined;
  }

  #onCanceled(stream: WatchStream, follower: Follower, error: EtcdError): void {
    this.#forgetClosed();
    const elsewhere = this.#streams().some((other) => other !== stream && !other.closed && other.has(follower));
    // The stream before it has lost nothing: history was compacted behind a watch that nothing had happened to.
    if (elsewhere && error.code === "compacted") return;
    if (isPassing(error)) this.#again([follower], error);
    else this.#fail(follower, error);
  }

  #onEnded(stream: WatchStream, error: EtcdError): void {
    this.#leaving.get(stream)?.();
    this.#leaving.delete(stream);
    this.#forgetClosed();
    if (this.#context.platform.now() - stream.openedAt >= stableMs) this.#failures = 0;
    const left = [...stream.followers].filter((follower) => !this.#streams().some((other) => other.has(follower)));
    const lost = left.filter((follower) => !this.#canGoOn(follower, error));
    for (const follower of lost) this.#fail(follower, error);
    this.#again(
      left.filter((follower) => !lost.includes(follower)),
      error,
    );
  }

  // A page instead of an answer is a wrong URL at first, but a captive portal or a proxy in trouble later.
  #canGoOn(follower: Follower, error: EtcdError): boolean {
    return isPassing(error) || (error.code === "not-grpc-web" && follower.wasOpen);
  }

  #again(followers: readonly Follower[], reason: EtcdError): void {
    for (const follower of followers) this.#waiting.add(follower);
    if (followers.length > 0) this.#retryLater(reason);
  }

  #fail(follower: Follower, error: EtcdError): void {
    this.remove(follower);
    follower.failed(error);
  }

  #retryLater(reason: EtcdError): void {
    if (this.#cancelRetry) return;
    const { platform, connection } = this.#context;
    const attempt = ++this.#failures;
    const ms = backoffMs(retries, attempt, platform.random);
    this.#cancelRetry = platform.setTimeout(() => this.#retryNow(), ms);
    connection.report(this, { state: "reconnecting", reason, attempt, nextRetryAt: new Date(Date.now() + ms) });
  }

  #retryNow(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#work();
  }

  #report(state: "connecting" | "live"): void {
    if (!this.#cancelRetry) this.#context.connection.report(this, { state });
  }

  #probe(): Promise<bigint> {
    const [follower] = this.#members;
    const range = follower?.subject.range ?? { key: Uint8Array.of(0), rangeEnd: new Uint8Array() };
    return this.#context.pin(range, { signal: this.#stop.signal, headers: this.#headers });
  }

  #onLost(stream: WatchStream, error: EtcdError): void {
    stream.close();
    this.#onEnded(stream, error);
  }

  #onDoubtful(stream: WatchStream): void {
    if (this.#leaving.has(stream)) return;
    this.#doubtful = true;
    this.#work();
  }
}
