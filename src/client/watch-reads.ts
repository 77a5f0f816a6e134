import { type EtcdErrorCode, isEtcdError } from "../base/errors.ts";
import { toHeader } from "../base/header.ts";
import { KV } from "../gen/etcdserverpb/kv_pb.ts";
import type { Caller, CallOptions } from "../transport/caller.ts";
import type { LastChanges } from "../watch/untouched.ts";
import type { WatchContext } from "../watch/watch-group.ts";

/** Whatever the client's time-out: a watch waits for it. */
const timeoutMs = 10_000;

/** What a proxy says that lets reads and watches through, and nothing else. */
const ofTheWay: ReadonlySet<EtcdErrorCode> = new Set(["cors-or-network", "not-grpc-web", "unimplemented"]);

/** A read of one key that any reader of the range may make, and that transfers nothing but the header. */
export function presentRevision(caller: Caller): WatchContext["pin"] {
  return async ({ key }, options) => {
    // Once, since it is to say how things are.
    const limited = { ...options, timeoutMs, once: true };
    const response = await caller.read(KV.method.range, { key, countOnly: true }, limited, "Watch");
    return toHeader(response.header).revision;
  };
}

/** By one transaction of reads, of keys alone; by a read each, where no transaction gets through. */
export function lastChanges(caller: Caller): WatchContext["lastChanges"] {
  return async (keys, given) => {
    const options = { ...given, timeoutMs };
    try {
      return await together(caller, keys, options);
    } catch (error) {
      if (!isEtcdError(error) || !ofTheWay.has(error.code)) throw error;
      return await oneByOne(caller, keys, options);
    }
  };
}

async function together(caller: Caller, keys: readonly Uint8Array[], options: CallOptions): ReturnType<LastChanges> {
  const success = keys.map((key) => ({ request: { case: "requestRange" as const, value: { key, keysOnly: true } } }));
  const { header, responses } = await caller.read(KV.method.txn, { success }, options, "Watch");
  const changedAt = responses.map(({ response }) =>
    response.case === "responseRange" ? response.value.kvs[0]?.modRevision : undefined,
  );
  return { revision: toHeader(header).revision, changedAt };
}

/** As of the first read: what a later one tells was so then too, or has changed since. */
async function oneByOne(caller: Caller, keys: readonly Uint8Array[], options: CallOptions): ReturnType<LastChanges> {
  let revision: bigint | undefined;
  const changedAt: (bigint | undefined)[] = [];
  for (const key of keys) {
    const { header, kvs } = await caller.read(KV.method.range, { key, keysOnly: true }, options, "Watch");
    revision ??= toHeader(header).revision;
    changedAt.push(kvs[0]?.modRevision);
  }
  return { revision: revision ?? 0n, changedAt };
}
