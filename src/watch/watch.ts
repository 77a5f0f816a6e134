import { asyncDispose } from "../base/async-dispose.ts";
import { EtcdError } from "../base/errors.ts";
import type { Prefix } from "../base/prefix.ts";
import type { Range } from "../base/range.ts";
import { type End, Stream, type StreamSource } from "../base/stream.ts";
import { toTimeout } from "../transport/caller.ts";
import { toBatch, toWatchEvent, type WatchBatch, type WatchEvent, weightOf } from "./events.ts";
import type { Follower, Subject } from "./follower.ts";
import type { Watch, WatchOptions } from "./options.ts";
import type { Revision } from "./position.ts";
import { toSubject } from "./subject.ts";
import type { WatchGroups } from "./watch-groups.ts";

/** Bytes that a reader may be behind. Beyond, its watch leaves the stream, and comes back when all has been read. */
const mostUnread = 1024 * 1024;

/** One object for all watches that say nothing. */
const defaults: WatchOptions = {};

/** A watch that has not begun yet. Throws "invalid-argument" for a range or option that cannot be. */
export function createWatch(
  groups: WatchGroups,
  range: Range,
  options: WatchOptions = defaults,
  requireLeader: boolean,
  prefix: Prefix,
): Watch {
  if (options.timeoutMs !== undefined) toTimeout(options.timeoutMs);
  return new OneReaderWatch(new Following(groups, toSubject(range, options, requireLeader, prefix), options));
}

class OneReaderWatch implements Watch {
  readonly #following: Following;

  constructor(following: Following) {
    this.#following = following;
  }

  get opened(): Promise<bigint> {
    return this.#following.opened();
  }

  [Symbol.asyncIterator](): AsyncIterator<WatchEvent, undefined> {
    return this.#following.readEvents();
  }

  batches(): AsyncIterable<WatchBatch> {
    return { [Symbol.asyncIterator]: () => this.#following.readBatches() };
  }

  async close(): Promise<void> {
    this.#following.left();
  }

  [asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** One watch from its beginning to its end: between the streams that feed it and its one reader. */
class Following implements Follower, StreamSource<WatchBatch | WatchEvent> {
  readonly subject: Subject;
  next: bigint | undefined;
  wasOpen = false;
  readonly #groups: WatchGroups;
  readonly #options: WatchOptions;
  /** What came before there was a reader. */
  #early: WatchBatch[] | undefined;
  /** One of the two, once there is a reader. */
  #batches: Stream<WatchBatch> | undefined;
  #events: Stream<WatchEvent> | undefined;
  #first: bigint | undefined;
  /** Only while it is neither open nor over: many watches wait for years. */
  #opened: PromiseWithResolvers<bigint> | undefined;
  #end: End | undefined;
  #started = false;
  /** Off the streams, until its reader has caught up. */
  #detached = false;
  #stopLimit: (() => void) | undefined;

  constructor(groups: WatchGroups, subject: Subject, options: WatchOptions) {
    this.#groups = groups;
    this.subject = subject;
    this.#options = options;
  }

  opened(): Promise<bigint> {
    this.#start();
    if (this.#first !== undefined) return Promise.resolve(this.#first);
    const opened = this.#opened ?? Promise.withResolvers<bigint>();
    // Nobody need wait for it; a failure reaches the reader anyhow.
    opened.promise.catch(() => {});
    if (this.#end) opened.reject(this.#end.error ?? neverOpened());
    else this.#opened = opened;
    return opened.promise;
  }

  readBatches(): Stream<WatchBatch> {
    this.#refuseSecond();
    const batches = new Stream<WatchBatch>(this);
    this.#batches = batches;
    this.#begin();
    return batches;
  }

  readEvents(): Stream<WatchEvent> {
    this.#refuseSecond();
    const events = new Stream<WatchEvent>(this);
    this.#events = events;
    this.#begin();
    return events;
  }

  confirmed(): void {
    if (this.wasOpen) return;
    this.wasOpen = true;
    this.#first = this.next ?? 0n;
    this.#opened?.resolve(this.#first);
    this.#opened = undefined;
    this.#stopLimit?.();
  }

  revisions(revisions: readonly Revision[]): void {
    if (this.#isBehind) {
      // Given up rather than kept, since one response may be large: it comes again when the reader has caught up.
      this.next = revisions[0]?.revision ?? this.next;
      this.#detach();
      return;
    }
    const { prefix } = this.subject;
    for (const { revision, events } of revisions) {
      if (this.#events) for (const event of events) this.#events.push(toWatchEvent(event, prefix));
      else this.#push(toBatch(revision, events, prefix));
    }
  }

  bookmark(revision: bigint): void {
    if (!this.#options.progress) return;
    const behind = this.#isBehind;
    this.#push(toBatch(revision, [], this.subject.prefix));
    if (behind) this.#detach();
  }

  failed(error: EtcdError): void {
    this.#finish({ error });
    this.#reader?.end({ error });
  }

  aborted(error: unknown): void {
    this.#early = undefined;
    this.#finish({ error });
    this.#reader?.abort({ error });
  }

  /** The reader has left, or the watch was closed: nobody is owed an error. */
  left(): void {
    this.#early = undefined;
    this.#finish({});
    this.#reader?.abort();
  }

  weigh(value: WatchBatch | WatchEvent): number {
    return weightOf(value);
  }

  /** The reader has caught up: back to the streams. */
  drained(): void {
    if (!this.#detached || this.#end) return;
    this.#detached = false;
    this.#groups.add(this);
  }

  /** The signal's listener: an object costs less than a function for each of many watches. */
  handleEvent(): void {
    this.aborted(this.#options.signal?.reason);
  }

  get #reader(): Stream<WatchBatch> | Stream<WatchEvent> | undefined {
    return this.#batches ?? this.#events;
  }

  #refuseSecond(): void {
    if (this.#reader) throw new TypeError("A watch has one reader: call watch() again for another");
  }

  /** The reader gets what came before it, and then what comes. */
  #begin(): void {
    for (const batch of this.#early ?? []) this.#push(batch);
    this.#early = undefined;
    if (this.#end) this.#reader?.end(this.#end);
    this.#start();
  }

  #push(batch: WatchBatch): void {
    if (this.#batches) this.#batches.push(batch);
    else if (this.#events) for (const event of batch.events) this.#events.push(event);
    else {
      this.#early ??= [];
      this.#early.push(batch);
    }
  }

  /** Asked before more is given, however much that is: a reader has the time from one response to the next. */
  get #isBehind(): boolean {
    return this.#unread > mostUnread;
  }

  #detach(): void {
    if (this.#detached || this.#end) return;
    this.#detached = true;
    this.#groups.detach(this);
  }

  get #unread(): number {
    if (this.#reader) return this.#reader.weight;
    return this.#early?.reduce((sum, batch) => sum + weightOf(batch), 0) ?? 0;
  }

  #start(): void {
    if (this.#started || this.#end) return;
    this.#started = true;
    const { signal, timeoutMs } = this.#options;
    if (signal?.aborted) this.aborted(signal.reason);
    if (this.#end) return;
    signal?.addEventListener("abort", this);
    if (timeoutMs !== undefined) this.#limitOpening(timeoutMs);
    this.#groups.add(this);
  }

  #limitOpening(timeoutMs: number): void {
    if (timeoutMs === Number.POSITIVE_INFINITY) return;
    const late = new EtcdError("timeout", `Watch: not open within ${timeoutMs} ms`);
    this.#stopLimit = this.#groups.platform.setTimeout(() => this.aborted(late), timeoutMs);
  }

  #finish(end: End): void {
    if (this.#end) return;
    this.#end = end;
    this.#groups.remove(this);
    this.#options.signal?.removeEventListener("abort", this);
    this.#stopLimit?.();
    this.#opened?.reject(end.error ?? neverOpened());
    this.#opened = undefined;
  }
}

function neverOpened(): EtcdError {
  return new EtcdError("closed", "The watch was closed before it was open");
}
