import { EtcdError } from "../base/errors.ts";
import { toResult } from "../base/json.ts";
import { toInt64 } from "../base/numbers.ts";
import { type Range, toKeyRange } from "../base/range.ts";
import { type End, Stream } from "../base/stream.ts";
import { WatchCreateRequest_FilterType as FilterType } from "../gen/etcdserverpb/watch_pb.ts";
import { toTimeout } from "../transport/caller.ts";
import { toAbortError } from "../transport/to-etcd-error.ts";
import { toWatchEvent, type WatchBatch, type WatchEvent } from "./events.ts";
import type { Watch, WatchOptions } from "./options.ts";
import { type Subject, Subscription, type WatchContext } from "./subscription.ts";

/** A watch that has not begun yet. Throws "invalid-argument" for a range or option that cannot be. */
export function createWatch(
  context: WatchContext,
  range: Range,
  options: WatchOptions = {},
  requireLeader = true,
): Watch {
  if (options.timeoutMs !== undefined) toTimeout(options.timeoutMs);
  return new OneReaderWatch(context, toSubject(range, options, requireLeader), options);
}

function toSubject(range: Range, options: WatchOptions, requireLeader: boolean): Subject {
  const headers = new Headers(options.headers);
  if (options.requireLeader ?? requireLeader) headers.set("hasleader", "true");
  return {
    range: toKeyRange(range),
    startRevision: toStart(options.startRevision),
    prevKv: options.prevKv ?? false,
    filters: toFilters(options.only),
    headers,
  };
}

// To the server 0 would mean "from now on"; the first revision of a store is 1, and no event is older than 2.
function toStart(startRevision: WatchOptions["startRevision"]): bigint | undefined {
  if (startRevision === undefined) return undefined;
  const start = toInt64(startRevision, "startRevision");
  if (start > 0n) return start;
  throw new EtcdError("invalid-argument", "startRevision must be 1 or more: leave it out to watch from now on");
}

function toFilters(only: WatchOptions["only"]): readonly FilterType[] {
  switch (only) {
    case undefined:
      return [];
    case "put":
      return [FilterType.NODELETE];
    case "delete":
      return [FilterType.NOPUT];
    default:
      only satisfies never;
      throw new EtcdError("invalid-argument", `only is "put" or "delete", not ${JSON.stringify(only)}`);
  }
}

class OneReaderWatch implements Watch {
  readonly #context: WatchContext;
  readonly #options: WatchOptions;
  readonly #subscription: Subscription;
  readonly #opened = Promise.withResolvers<bigint>();
  /** Batches that came before a reader did, then the reader's. */
  readonly #early: WatchBatch[] = [];
  #deliver = (batch: WatchBatch): void => {
    this.#early.push(batch);
  };
  #reader: Pick<Stream<never>, "end" | "abort"> | undefined;
  #end: End | undefined;
  #started = false;
  #cleanup: (() => void)[] = [];

  constructor(context: WatchContext, subject: Subject, options: WatchOptions) {
    this.#context = context;
    this.#options = options;
    // Nobody need ask for `opened`; its failure reaches the reader anyhow.
    this.#opened.promise.catch(() => {});
    this.#subscription = new Subscription(context, subject, {
      confirmed: (first) => this.#opened.resolve(first),
      revision: ({ revision, events }) => this.#deliver(toResult({ revision, events: events.map(toWatchEvent) })),
      bookmark: (revision) => {
        if (options.progress) this.#deliver(toResult({ revision, events: [] }));
      },
      failed: (error) => this.#finish({ error }),
    });
  }

  get opened(): Promise<bigint> {
    this.#start();
    return this.#opened.promise;
  }

  [Symbol.asyncIterator](): AsyncIterator<WatchEvent, undefined> {
    const events = new Stream<WatchEvent>(() => this.#leave());
    return this.#attach(events, (batch) => {
      for (const event of batch.events) events.push(event);
    });
  }

  batches(): AsyncIterable<WatchBatch> {
    return {
      [Symbol.asyncIterator]: () => {
        const batches = new Stream<WatchBatch>(() => this.#leave());
        return this.#attach(batches, (batch) => batches.push(batch));
      },
    };
  }

  async close(): Promise<void> {
    this.#leave();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #attach<T>(reader: Stream<T>, deliver: (batch: WatchBatch) => void): AsyncIterator<T, undefined> {
    if (this.#reader) throw new TypeError("A watch has one reader: call watch() again for another");
    this.#reader = reader;
    this.#deliver = deliver;
    for (const batch of this.#early.splice(0)) deliver(batch);
    if (this.#end) reader.end(this.#end);
    this.#start();
    return reader;
  }

  #start(): void {
    if (this.#started || this.#end) return;
    this.#started = true;
    const { signal, timeoutMs } = this.#options;
    this.#endWith(this.#context.closed);
    if (signal) this.#endWith(signal);
    if (this.#end) return;
    if (timeoutMs !== undefined) this.#limitOpening(timeoutMs);
    void this.#subscription.run();
  }

  #endWith(signal: AbortSignal): void {
    const abort = (): void => this.#abort(signal.reason);
    this.#cleanup.push(() => signal.removeEventListener("abort", abort));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  }

  #limitOpening(timeoutMs: number): void {
    if (timeoutMs === Number.POSITIVE_INFINITY) return;
    const late = toAbortError(new DOMException("", "TimeoutError"), { what: "Watch", write: false });
    const cancel = this.#context.platform.setTimeout(() => this.#abort(late), timeoutMs);
    this.#cleanup.push(cancel);
    this.#opened.promise.then(cancel, cancel);
  }

  /** The reader has left, or the watch was closed: nobody is owed an error. */
  #leave(): void {
    this.#opened.reject(new EtcdError("closed", "The watch was closed before it was open"));
    this.#reader?.abort();
    this.#finish({});
  }

  /** From outside: what has not been read is not read any more. */
  #abort(error: unknown): void {
    this.#early.length = 0;
    this.#reader?.abort({ error });
    this.#finish({ error });
  }

  #finish(end: End): void {
    if (this.#end) return;
    this.#end = end;
    this.#subscription.stop();
    for (const clean of this.#cleanup.splice(0)) clean();
    this.#opened.reject(end.error);
    this.#reader?.end(end);
  }
}
