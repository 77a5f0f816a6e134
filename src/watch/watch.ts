import { EtcdError } from "../base/errors.ts";
import { toResult } from "../base/json.ts";
import type { Range } from "../base/range.ts";
import { type End, Stream, type StreamSource } from "../base/stream.ts";
import { toTimeout } from "../transport/caller.ts";
import { toAbortError } from "../transport/to-etcd-error.ts";
import { EventReader } from "./event-reader.ts";
import { toWatchEvent, type WatchBatch, type WatchEvent, weightOf } from "./events.ts";
import type { Follower, Subject } from "./follower.ts";
import type { Watch, WatchOptions } from "./options.ts";
import type { Revision } from "./position.ts";
import { toSubject } from "./subject.ts";
import type { WatchGroups } from "./watch-groups.ts";

/** Bytes that a reader may be behind. Beyond, its watch leaves the stream, and comes back when all has been read. */
const mostUnread = 1024 * 1024;

/** A watch that has not begun yet. Throws "invalid-argument" for a range or option that cannot be. */
export function createWatch(
  groups: WatchGroups,
  range: Range,
  options: WatchOptions = {},
  requireLeader = true,
): Watch {
  if (options.timeoutMs !== undefined) toTimeout(options.timeoutMs);
  return new OneReaderWatch(new Following(groups, toSubject(range, options, requireLeader), options));
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
    return new EventReader(this.#following.read());
  }

  batches(): AsyncIterable<WatchBatch> {
    return { [Symbol.asyncIterator]: () => this.#following.read() };
  }

  async close(): Promise<void> {
    this.#following.left();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** One watch from its beginning to its end: between the streams that feed it and its one reader. */
class Following implements Follower, StreamSource<WatchBatch> {
  readonly subject: Subject;
  next: bigint | undefined;
  wasOpen = false;
  readonly #groups: WatchGroups;
  readonly #options: WatchOptions;
  readonly #batches: Stream<WatchBatch>;
  #first: bigint | undefined;
  #opened: PromiseWithResolvers<bigint> | undefined;
  #end: End | undefined;
  #started = false;
  #hasReader = false;
  /** Off the streams, until its reader has caught up. */
  #detached = false;
  #stopLimit: (() => void) | undefined;

  constructor(groups: WatchGroups, subject: Subject, options: WatchOptions) {
    this.#groups = groups;
    this.subject = subject;
    this.#options = options;
    this.#batches = new Stream(this);
  }

  opened(): Promise<bigint> {
    this.#start();
    if (this.#opened === undefined) {
      this.#opened = Promise.withResolvers();
      // Nobody need wait for it; a failure reaches the reader anyhow.
      this.#opened.promise.catch(() => {});
      if (this.wasOpen && this.#first !== undefined) this.#opened.resolve(this.#first);
      else if (this.#end) this.#opened.reject(this.#end.error ?? neverOpened());
    }
    return this.#opened.promise;
  }

  read(): Stream<WatchBatch> {
    if (this.#hasReader) throw new TypeError("A watch has one reader: call watch() again for another");
    this.#hasReader = true;
    this.#start();
    return this.#batches;
  }

  confirmed(): void {
    if (this.wasOpen) return;
    this.wasOpen = true;
    this.#first ??= this.next;
    this.#opened?.resolve(this.#first ?? 0n);
    this.#stopLimit?.();
  }

  revisions(revisions: readonly Revision[]): void {
    for (const { revision, events } of revisions) {
      this.#batches.push(toResult({ revision, events: events.map(toWatchEvent) }));
    }
    if (this.#batches.weight <= mostUnread || this.#detached || this.#end) return;
    this.#detached = true;
    this.#groups.detach(this);
  }

  bookmark(revision: bigint): void {
    if (this.#options.progress) this.#batches.push(toResult({ revision, events: [] }));
  }

  failed(error: EtcdError): void {
    this.#finish({ error });
    this.#batches.end({ error });
  }

  aborted(error: unknown): void {
    this.#finish({ error });
    this.#batches.abort({ error });
  }

  /** The reader has left, or the watch was closed: nobody is owed an error. */
  left(): void {
    this.#finish({});
    this.#batches.abort();
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

  /** The signal's listener: an object costs less than a function for each of many watches. */
  handleEvent(): void {
    this.aborted(this.#options.signal?.reason);
  }

  weigh(batch: WatchBatch): number {
    return weightOf(batch);
  }

  /** The reader has caught up: back to the streams. */
  drained(): void {
    if (!this.#detached || this.#end) return;
    this.#detached = false;
    this.#groups.add(this);
  }

  #limitOpening(timeoutMs: number): void {
    if (timeoutMs === Number.POSITIVE_INFINITY) return;
    const late = toAbortError(new DOMException("", "TimeoutError"), { what: "Watch", write: false });
    this.#stopLimit = this.#groups.platform.setTimeout(() => this.aborted(late), timeoutMs);
  }

  #finish(end: End): void {
    if (this.#end) return;
    this.#end = end;
    this.#groups.remove(this);
    this.#options.signal?.removeEventListener("abort", this);
    this.#stopLimit?.();
    this.#opened?.reject(end.error ?? neverOpened());
  }
}

function neverOpened(): EtcdError {
  return new EtcdError("closed", "The watch was closed before it was open");
}
