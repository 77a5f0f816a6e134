import { backoffMs } from "../base/backoff.ts";
import { EtcdError, isEtcdError, isHistoryGone } from "../base/errors.ts";
import type { Range } from "../base/range.ts";
import { linkSignals } from "../base/signals.ts";
import type { EtcdReader } from "../client/etcd.ts";
import { platformOf, timeoutOf } from "../client/inside.ts";
import type { RangeResult } from "../kv/options.ts";
import { sleep } from "../platform/platform.ts";
import type { CallOptions } from "../transport/caller.ts";
import type { WatchBatch } from "../watch/events.ts";
import type { Watch } from "../watch/options.ts";
import { type Listed, list } from "./list.ts";

/** What is followed, and until when. */
export interface Following {
  readonly etcd: EtcdReader;
  readonly range: Range;
  readonly headers?: HeadersInit | undefined;
  /** Ends it: what is pending rejects. */
  readonly signal: AbortSignal;
  /** Milliseconds until the first update; default: any. */
  readonly timeoutMs?: number | undefined;
}

/** Where one stood before. */
export interface Since {
  readonly revision: bigint;
  readonly clusterId: bigint;
  /** How many keys one knows, after each update that was taken. */
  size(): number;
}

/** What comes of following a range. */
export type Update =
  | (Listed & { readonly type: "snapshot" })
  | (WatchBatch & { readonly type: "changes" })
  /** Of the time before one came back: not the present yet. */
  | (WatchBatch & { readonly type: "missed" })
  /** Nothing is missed any more, and the cluster is the one from before. */
  | { readonly type: "resumed" }
  /** What is known is not the present any more, and only a snapshot will be. */
  | { readonly type: "lost" };

type Limits = Pick<CallOptions, "signal" | "timeoutMs">;

const retries = { firstMs: 100, longestMs: 10_000 };

/**
 * A range from a snapshot on, or from where one stood; a fresh snapshot where going on would miss something: history was
 * compacted away, or the cluster is another.
 */
export async function* updates(following: Following, since?: Since): AsyncGenerator<Update, never> {
  if (since !== undefined) {
    yield* resumed(following, since);
    yield { type: "lost" };
  }
  for (let limitMs = since === undefined ? following.timeoutMs : undefined; ; limitMs = undefined) {
    const { etcd, range, headers } = following;
    const read = (limits: Limits, last?: EtcdError): Promise<Listed> =>
      list(etcd, range, { headers, ...limits }, isEtcdError(last, "timeout"));
    const listed = await patiently(following, read, limitMs);
    yield { type: "snapshot", ...listed };
    yield* changes(open(following, listed.revision + 1n));
    yield { type: "lost" };
  }
}

/** The watch comes first; what it tells counts when a read has shown that it is the cluster one knows. */
async function* resumed(following: Following, since: Since): AsyncGenerator<Update, undefined> {
  const watch = open(following, since.revision + 1n);
  try {
    await watch.opened;
    const present = await patiently(following, () => latest(following));
    if (present.header.clusterId !== since.clusterId || present.revision < since.revision) return;
    let missing = !isThere(present, since.revision, since.size());
    if (!missing) yield { type: "resumed" };
    for await (const { revision, events } of watch.batches()) {
      yield { type: missing ? "missed" : "changes", revision, events };
      if (!missing) continue;
      missing = !isThere(present, revision, since.size());
      if (!missing) yield { type: "resumed" };
    }
  } catch (error) {
    if (!isHistoryGone(error)) throw error;
  } finally {
    await watch.close();
  }
}

/** How many keys there are, and the one that was put last. */
function latest({ etcd, range, signal, headers }: Following): Promise<RangeResult> {
  const sort = { by: "modRevision", order: "descending" } as const;
  return etcd.range(range, { limit: 1, keysOnly: true, sort, signal, headers });
}

/** Whether who knows so many keys as of a revision knows what was read: all puts are in, and what is too much is gone. */
function isThere(present: RangeResult, revision: bigint, size: number): boolean {
  const lastPut = present.kvs[0]?.modRevision ?? 0n;
  return revision >= present.revision || (revision >= lastPut && size === present.count);
}

/** Until only a snapshot can help. */
async function* changes(watch: Watch): AsyncGenerator<Update, undefined> {
  try {
    for await (const { revision, events } of watch.batches()) yield { type: "changes", revision, events };
  } catch (error) {
    if (!isHistoryGone(error)) throw error;
  }
}

function open({ etcd, range, signal, headers }: Following, startRevision: bigint): Watch {
  return etcd.watch(range, { startRevision, signal, headers });
}

/** Tries until it succeeds, or fails for good; history lost on the way is a reason to begin again. A time-out tells what failed last. */
async function patiently<R>(
  { etcd, signal: ended }: Following,
  attempt: (limits: Limits, last?: EtcdError) => Promise<R>,
  limitMs = Number.POSITIVE_INFINITY,
): Promise<R> {
  const platform = platformOf(etcd);
  const deadline = platform.now() + limitMs;
  const { signal, abort, unlink } = linkSignals(ended);
  let last: EtcdError | undefined;
  const endless = limitMs === Number.POSITIVE_INFINITY;
  const cancel = endless ? undefined : platform.setTimeout(() => abort(late(limitMs, last)), limitMs);
  try {
    for (let failures = 1; ; failures++) {
      try {
        // A call that knows its time says itself what it has failed at.
        const timeoutMs = endless ? undefined : Math.min(Math.max(1, deadline - platform.now()), timeoutOf(etcd));
        return await attempt({ signal, timeoutMs }, last);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (!isEtcdError(error) || !(error.retryable || isHistoryGone(error))) throw error;
        last = error;
        await sleep(platform, backoffMs(retries, failures, platform.random), signal);
      }
    }
  } finally {
    cancel?.();
    unlink();
  }
}

function late(limitMs: number, cause: EtcdError | undefined): EtcdError {
  const text = `sync: no snapshot within ${limitMs} ms`;
  return new EtcdError("timeout", cause === undefined ? text : `${text}. Last: ${cause.message}`, { cause });
}
