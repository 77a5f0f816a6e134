import { toPrintable } from "../base/bytes.ts";
import { EtcdError } from "../base/errors.ts";
import { type ResponseHeader, toHeader } from "../base/header.ts";
import type { KeyValue } from "../base/key-value.ts";
import { type Int64, toInt64 } from "../base/numbers.ts";
import type { Prefix } from "../base/prefix.ts";
import { type Range, toKeyRange } from "../base/range.ts";
import { KV, type ResponseOp } from "../gen/etcdserverpb/kv_pb.ts";
import type { Caller, CallOptions } from "../transport/caller.ts";
import { compare } from "./compare.ts";
import type { Kv } from "./kv.ts";
import { op } from "./op.ts";
import type { CompactOptions } from "./options.ts";
import { type ScanContext, scan } from "./scan.ts";
import { isReadOnly, type Op, type OpInit, toOperation } from "./txn.ts";

/** What keys and values need of their client. */
export type KvContext = ScanContext;

/** Keys and values over a caller, within a namespace. */
export function createKv(context: KvContext, prefix: Prefix): Kv {
  const { caller } = context;

  async function run<R>(given: Op<R>, options?: CallOptions): Promise<R> {
    const operation = toOperation(given);
    const answer = await call(caller, operation.encode(prefix), options);
    return operation.decode(answer, toHeader(answer.value?.header), prefix);
  }

  /** Runs a write only if the key was last written at this revision; the error is made of what it holds instead. */
  async function runIf<R>(
    { key, at }: { readonly key: Uint8Array; readonly at: bigint },
    write: Op<R>,
    options: CallOptions,
    conflict: (current: KeyValue | undefined) => EtcdError,
  ): Promise<R> {
    const guarded = op.txn({
      compare: [compare.modRevision(key).equals(at)],
      success: [write],
      failure: [op.get(key)],
    });
    const { succeeded, results } = await run(guarded, options);
    if (succeeded) return results[0];
    throw conflict(results[0]);
  }

  return {
    get: async (key, options) => run(op.get(key, options), options),
    range: async (range, options) => run(op.range(range, options), options),
    count: async (range, options) => run(op.count(range, options), options),
    scan: (range, options) => scan(context, prefix, range, options),
    put: async (key, value, options) => run(op.put(key, value, options), options),
    async create(key, value, options = {}) {
      const missing = { key: toSingleKey(key), at: 0n };
      return runIf(missing, op.put(key, value, options), options, (current) =>
        mismatch("already-exists", `create: ${toPrintable(missing.key)} is there already`, current),
      );
    },
    async update(key, value, options) {
      const seen = { key: toSingleKey(key), at: toRevision(options.ifModRevision) };
      return runIf(seen, op.put(key, value, options), options, (current) => changed("update", seen, current));
    },
    async delete(range, options = {}) {
      const write = op.delete(range, options);
      if (options.ifModRevision === undefined) return run(write, options);
      const seen = { key: toSingleKey(range), at: toRevision(options.ifModRevision) };
      return runIf(seen, write, options, (current) => changed("delete", seen, current));
    },
    do: run,
    txn: async (txn, options) => run(op.txn(txn), options),
  };
}

/** Sends a request, as a read where it changes nothing. */
async function call(
  caller: Caller,
  request: OpInit,
  options: CallOptions | undefined,
): Promise<ResponseOp["response"]> {
  const { range, put, deleteRange, txn } = KV.method;
  switch (request.case) {
    case "requestRange":
      return { case: "responseRange", value: await caller.read(range, request.value, options) };
    case "requestPut":
      return { case: "responsePut", value: await caller.write(put, request.value, options) };
    case "requestDeleteRange":
      return { case: "responseDeleteRange", value: await caller.write(deleteRange, request.value, options) };
    case "requestTxn": {
      const send = isReadOnly(request.value) ? caller.read : caller.write;
      return { case: "responseTxn", value: await send(txn, request.value, options) };
    }
    default:
      throw new EtcdError("invalid-argument", "An operation without a request");
  }
}

function toSingleKey(range: Range): Uint8Array {
  const { key, rangeEnd } = toKeyRange(range);
  if (rangeEnd.length === 0) return key;
  throw new EtcdError("invalid-argument", "ifModRevision is for one key: guard a range by a transaction with compare");
}

// Left out, the write would be made whatever the key holds.
function toRevision(ifModRevision: Int64): bigint {
  return toInt64(ifModRevision, "ifModRevision");
}

function changed(
  what: string,
  seen: { readonly key: Uint8Array; readonly at: bigint },
  current: KeyValue | undefined,
): EtcdError {
  const found = current === undefined ? "it is not there" : `it is at ${current.modRevision}`;
  return mismatch(
    "conflict",
    `${what}: ${toPrintable(seen.key)} is not at revision ${seen.at} any more: ${found}`,
    current,
  );
}

function mismatch(code: "already-exists" | "conflict", text: string, current: KeyValue | undefined): EtcdError {
  return new EtcdError(code, text, current === undefined ? {} : { current });
}

/** Forgets the history before a revision. */
export async function compact(caller: Caller, revision: Int64, options: CompactOptions = {}): Promise<ResponseHeader> {
  const request = { revision: toInt64(revision, "The revision"), physical: options.physical ?? false };
  return toHeader((await caller.write(KV.method.compact, request, options)).header);
}
