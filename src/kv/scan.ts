import { EtcdError, type EtcdErrorCode, isEtcdError } from "../base/errors.ts";
import { toHeader } from "../base/header.ts";
import type { KeyValue } from "../base/key-value.ts";
import { toCount } from "../base/numbers.ts";
import type { Prefix } from "../base/prefix.ts";
import { nextKey, type Range } from "../base/range.ts";
import { linkSignals } from "../base/signals.ts";
import { Stream } from "../base/stream.ts";
import { KV, type RangeResponse } from "../gen/etcdserverpb/kv_pb.ts";
import type { Platform } from "../platform/platform.ts";
import type { Caller } from "../transport/caller.ts";
import { toEtcdError } from "../transport/to-etcd-error.ts";
import type { RangeOptions, ScanOptions } from "./options.ts";
import { type RangeRequestInit, rangeRequest } from "./requests.ts";
import { toKeyValues } from "./results.ts";

/** What has been learned of the server; all scans of a client share it. */
export interface Learned {
  /** It has no RangeStream: it is older than 3.7, or the proxy does not pass it on. */
  noRangeStream?: boolean;
}

/** What scans need of their client. */
export interface ScanContext {
  readonly caller: Caller;
  readonly learned: Learned;
  readonly platform: Pick<Platform, "setTimeout">;
  /** For calls that do not say. */
  readonly timeoutMs: number;
}

/** Bytes that a scan reads ahead. */
const mostAhead = 1024 * 1024;
const firstPage = 100;

/** A scan that has not begun yet. Throws "invalid-argument" for a range or option that cannot be. */
export function scan(
  context: ScanContext,
  prefix: Prefix,
  range: Range,
  options: ScanOptions = {},
): AsyncIterable<KeyValue> {
  refuseOthers(options);
  const request = prefix.add(rangeRequest(range, options));
  const pageSize = options.pageSize === undefined ? undefined : toPageSize(options.pageSize);
  return {
    [Symbol.asyncIterator]: () => pairs(new Scan(context, request, options, pageSize).chunks(), prefix),
  };
}

/**
 * The size of the next page, so that it is about {@link mostAhead} large, and not much larger where the pairs behind are
 * larger than those before.
 */
export function nextPageSize(size: number, page: readonly Pick<KeyValue, "key" | "value">[]): number {
  const bytes = weigh(page);
  const fitting = Math.floor((mostAhead * page.length) / bytes) || 1;
  return Math.min(fitting, size * 4, 10_000);
}

async function* pairs(chunks: AsyncIterable<RangeResponse>, prefix: Prefix): AsyncGenerator<KeyValue, undefined> {
  for await (const chunk of chunks) yield* toKeyValues(chunk, prefix);
}

/** A range from its first page to its last pair, at one revision. */
class Scan {
  readonly #context: ScanContext;
  readonly #options: ScanOptions;
  readonly #pageSize: number | undefined;
  readonly #rest: RangeRequestInit;
  #limit: number;
  #more = true;
  /** The revision is the first page's, and was not asked for. */
  readonly #isPinned: boolean;
  /** Until one has fallen silent, or was refused. */
  #streams = true;

  constructor(context: ScanContext, request: RangeRequestInit, options: ScanOptions, pageSize: number | undefined) {
    this.#context = context;
    this.#rest = { ...request };
    this.#isPinned = !request.revision;
    this.#options = options;
    this.#pageSize = pageSize;
    this.#limit = pageSize ?? firstPage;
  }

  /** The first page shows whether there is more, and at which revision; a page also gets past what cut a stream. */
  async *chunks(): AsyncGenerator<RangeResponse, undefined> {
    while (this.#more) {
      const page = await this.#page();
      if (page === undefined) continue;
      yield page;
      if (this.#more && this.#mayStream) yield* this.#stream();
    }
  }

  // The server streams what it can take from its index in order, and refuses the rest.
  get #mayStream(): boolean {
    const { minModRevision, maxModRevision, minCreateRevision, maxCreateRevision } = this.#options;
    const bound = minModRevision ?? maxModRevision ?? minCreateRevision ?? maxCreateRevision;
    return this.#streams && this.#context.learned.noRangeStream !== true && bound === undefined;
  }

  /** Undefined: it is to be asked for once more, as it was too much for the way, or for the time there is. */
  async #page(): Promise<RangeResponse | undefined> {
    const request = { ...this.#rest, limit: BigInt(this.#limit) };
    const page = await this.#context.caller.read(KV.method.range, request, this.#options).catch((error) => {
      if (this.#waitsForLagging(error)) return undefined;
      if (this.#limit === 1 || this.#pageSize !== undefined || !isTooMuch(error)) throw error;
      this.#limit = Math.ceil(this.#limit / 8);
      return undefined;
    });
    if (page === undefined) return undefined;
    this.#rest.revision ||= toHeader(page.header).revision;
    this.#passed(page);
    this.#more = page.more;
    this.#limit = this.#pageSize ?? nextPageSize(this.#limit, page.kvs);
    return page;
  }

  async *#stream(): AsyncGenerator<RangeResponse, undefined> {
    const done = new AbortController();
    const { signal, unlink } = linkSignals(this.#options.signal, this.#context.caller.closed, done.signal);
    const ahead = new Stream<RangeResponse>({ weigh: ({ kvs }) => weigh(kvs) });
    signal.addEventListener("abort", () => done.signal.aborted || ahead.abort({ error: signal.reason }));
    void this.#readAhead(ahead, signal, done);
    try {
      for await (const chunk of ahead) {
        this.#passed(chunk);
        yield chunk;
      }
      // What had come and was not read went with its reader: not the end of the range.
      if (signal.aborted && !done.signal.aborted) throw signal.reason;
    } catch (error) {
      const reason = toEtcdError(error, { what: "KV.RangeStream", write: false, signal });
      if (reason.code === "unimplemented" || reason.code === "not-grpc-web") this.#context.learned.noRangeStream = true;
      else if (ofTheStream.has(reason.code)) this.#streams = false;
      else if (!reason.retryable && !this.#waitsForLagging(reason)) throw reason;
    } finally {
      done.abort();
      unlink();
    }
  }

  /** A member may not know the first page's revision yet: a linearizable read waits there until it does. */
  #waitsForLagging(error: unknown): boolean {
    if (!this.#isPinned || !this.#rest.serializable || !isEtcdError(error, "future-revision")) return false;
    this.#rest.serializable = false;
    return true;
  }

  // Reads on while the consumer rests, since a body left unread can hold up every other call; too far ahead, it leaves,
  // and the next page begins where the consumer is.
  async #readAhead(ahead: Stream<RangeResponse>, signal: AbortSignal, done: AbortController): Promise<void> {
    const silent = new EtcdError("timeout", "KV.RangeStream: nothing came within timeoutMs");
    let cancel = this.#whenLate(() => ahead.end({ error: silent }));
    try {
      const { headers } = this.#options;
      const answers = await this.#context.caller.stream(KV.method.rangeStream, [this.#rest], { signal, headers });
      for await (const { rangeResponse } of answers) {
        cancel();
        cancel = this.#whenLate(() => ahead.end({ error: silent }));
        if (rangeResponse !== undefined) ahead.push(rangeResponse);
        if (ahead.weight > mostAhead) {
          ahead.end();
          done.abort();
        }
      }
      this.#more = ahead.isOver; // before the server was done: what came since is not in it
      ahead.end();
    } catch (error) {
      ahead.end({ error });
    } finally {
      cancel();
    }
  }

  #whenLate(run: () => void): () => void {
    const { platform, timeoutMs } = this.#context;
    const ms = this.#options.timeoutMs ?? timeoutMs;
    return ms === Number.POSITIVE_INFINITY ? () => {} : platform.setTimeout(run, ms);
  }

  #passed({ kvs }: RangeResponse): void {
    const last = kvs.at(-1);
    if (last !== undefined) this.#rest.key = nextKey(last.key);
  }
}

/** A stream alone may be refused, and its token is renewed with the next page: which tells if the range is refused. */
const ofTheStream: ReadonlySet<EtcdErrorCode> = new Set(["timeout", "permission-denied", "unauthenticated"]);

// A pair may have a megabyte, which nobody knows before the first page.
function isTooMuch(error: unknown): boolean {
  return isEtcdError(error, "timeout") || isEtcdError(error, "too-large");
}

function weigh(kvs: readonly Pick<KeyValue, "key" | "value">[]): number {
  return kvs.reduce((sum, { key, value }) => sum + 50 + key.length + value.length, 0);
}

/** The type lacks them; a variable of another type may have them. */
function refuseOthers({ limit, sort }: RangeOptions): void {
  if (limit === undefined && sort === undefined) return;
  throw new EtcdError("invalid-argument", "limit and sort are options of range()");
}

function toPageSize(pageSize: number): number {
  if (toCount(pageSize, "pageSize") > 0n) return pageSize;
  throw new EtcdError("invalid-argument", "pageSize must be 1 or more");
}
