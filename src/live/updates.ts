import { backoffMs } from "../base/backoff.ts";
import { EtcdError, isEtcdError } from "../base/errors.ts";
import type { Range } from "../base/range.ts";
import type { EtcdReader } from "../client/etcd.ts";
import { platformOf } from "../client/inside.ts";
import { sleep } from "../platform/platform.ts";
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
}

/** What comes of following a range. */
export type Update =
  | (Listed & { readonly type: "snapshot" })
  | (WatchBatch & { readonly type: "changes" })
  /** The watch goes on where one stood before, in the same cluster. */
  | { readonly type: "resumed" };

const retries = { firstMs: 100, longestMs: 10_000 };

/**
 * A range from a snapshot on, or from where one stood; a fresh snapshot where going on would miss something: history was
 * compacted away, or the cluster is another.
 */
export async function* updates(following: Following, since?: Since): AsyncGenerator<Update, never> {
  if (since !== undefined) yield* resumed(following, since);
  for (let limitMs = since === undefined ? following.timeoutMs : undefined; ; limitMs = undefined) {
    const { etcd, range, signal, headers } = following;
    const listed = await patiently(following, () => list(etcd, range, { signal, headers }), limitMs);
    yield { type: "snapshot", ...listed };
    yield* changes(open(following, listed.revision + 1n));
  }
}

/** The watch comes first; what it tells counts when a read has shown that it is the cluster one knows. */
async function* resumed(following: Following, since: Since): AsyncGenerator<Update, undefined> {
  const { etcd, range, signal, headers } = following;
  const watch = open(following, since.revision + 1n);
  try {
    await watch.opened;
    const present = await patiently(following, () => etcd.range(range, { limit: 1, keysOnly: true, signal, headers }));
    if (present.header.clusterId !== since.clusterId || present.revision < since.revision) return;
    yield { type: "resumed" };
    yield* changes(watch);
  } catch (error) {
    if (!isLost(error)) throw error;
  } finally {
    await watch.close();
  }
}

/** Until only a snapshot can help. */
async function* changes(watch: Watch): AsyncGenerator<Update, undefined> {
  try {
    for await (const { revision, events } of watch.batches()) yield { type: "changes", revision, events };
  } catch (error) {
    if (!isLost(error)) throw error;
  }
}

function isLost(error: unknown): boolean {
  return isEtcdError(error, "compacted") || isEtcdError(error, "cluster-changed");
}

function open({ etcd, range, signal, headers }: Following, startRevision: bigint): Watch {
  return etcd.watch(range, { startRevision, signal, headers });
}

/** Tries until it succeeds, or fails for good; history lost on the way is a reason to begin again. A time-out tells what failed last. */
async function patiently<R>(
  { etcd, signal }: Following,
  attempt: () => Promise<R>,
  limitMs = Number.POSITIVE_INFINITY,
): Promise<R> {
  const platform = platformOf(etcd);
  const deadline = platform.now() + limitMs;
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted || !isEtcdError(error) || !(error.retryable || isLost(error))) throw error;
      const waitMs = backoffMs(retries, failures, platform.random);
      if (platform.now() + waitMs >= deadline) throw late(limitMs, error);
      await sleep(platform, waitMs, signal);
    }
  }
}

function late(limitMs: number, cause: EtcdError): EtcdError {
  return new EtcdError("timeout", `sync: no snapshot within ${limitMs} ms. Last: ${cause.message}`, { cause });
}
