import { backoffMs } from "../base/backoff.ts";
import { EtcdError, isEtcdError } from "../base/errors.ts";
import { type ResponseHeader, toHeader } from "../base/header.ts";
import { linkSignals } from "../base/signals.ts";
import { KV, type RangeResponse } from "../gen/etcdserverpb/kv_pb.ts";
import { type Platform, sleep } from "../platform/platform.ts";
import { type Caller, toTimeout } from "../transport/caller.ts";

/** One attempt must leave time for others, at other endpoints. */
const attemptMs = 5_000;
const retries = { firstMs: 200, longestMs: 2_000 };

/** What `ready()` needs of its client. */
export interface ReadyContext {
  readonly caller: Caller;
  readonly platform: Platform;
  readonly timeoutMs: number;
  readonly closed: AbortSignal;
}

/** Reads until an endpoint answers, or the time is up: then the error is "timeout", and its cause what came last. */
export async function whenReady(
  { caller, platform, timeoutMs, closed }: ReadyContext,
  options: { readonly timeoutMs?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<ResponseHeader> {
  const limitMs = options.timeoutMs ?? timeoutMs;
  toTimeout(limitMs);
  const deadline = platform.now() + limitMs;
  const { signal, unlink } = linkSignals(options.signal, closed);
  let said: EtcdError | undefined;
  try {
    for (let failures = 0; ; failures++) {
      const left = deadline - platform.now();
      const outcome = await attempt(caller, signal, Math.max(1, Math.min(left, attemptMs)));
      if (!(outcome instanceof EtcdError)) return outcome;
      const waitMs = backoffMs(retries, failures + 1, platform.random);
      if (signal.aborted || !outcome.retryable) throw outcome;
      // An attempt that our own limit has cut short says less than the one before.
      if (outcome.code !== "timeout" || outcome.reason !== undefined) said = outcome;
      if (platform.now() + waitMs >= deadline) throw late(limitMs, said ?? outcome);
      await sleep(platform, waitMs, signal);
    }
  } finally {
    unlink();
  }
}

async function attempt(caller: Caller, signal: AbortSignal, timeoutMs: number): Promise<ResponseHeader | EtcdError> {
  try {
    return toHeader(await ask(caller, { signal, timeoutMs, once: true }));
  } catch (error) {
    if (isEtcdError(error)) return error;
    throw error;
  }
}

/** Who may not read the key has been answered all the same; an empty transaction asks for no key. */
async function ask(caller: Caller, options: Parameters<Caller["read"]>[2]): Promise<RangeResponse["header"]> {
  try {
    return (await caller.read(KV.method.range, { key: Uint8Array.of(0), countOnly: true }, options, "ready")).header;
  } catch (error) {
    if (!isEtcdError(error, "permission-denied") || error.reason === undefined) throw error;
    return (await caller.read(KV.method.txn, {}, options, "ready")).header;
  }
}

function late(limitMs: number, cause: EtcdError): EtcdError {
  return new EtcdError("timeout", `No endpoint answered within ${limitMs} ms. Last: ${cause.message}`, { cause });
}
