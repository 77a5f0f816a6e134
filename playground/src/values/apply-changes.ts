import { type Etcd, EtcdError, isEtcdError, type KeyValue, type Op, op } from "etcd-web";
import { asSeen, mostOps } from "./transactions.ts";

/** Well below etcd's default of `--max-request-bytes`. A server with less says so, as one with fewer operations does. */
const mostBytes = 1024 * 1024;
/** Of a compare and an operation, beside key and value. */
const overhead = 64;

/** What is to become of a key. */
export interface KeyChange {
  readonly key: Uint8Array;
  /** As it was seen; undefined: it was not there. It is left alone if that has changed. */
  readonly before: KeyValue | undefined;
  /** Its value from then on; undefined: it is deleted. */
  readonly after: Uint8Array | undefined;
  /** What it hangs on from then on. */
  readonly lease?: bigint;
}

/**
 * Makes changes, as many as the server takes in one transaction after the other. Gives those of the transaction whose
 * keys somebody has changed since they were seen: none of them is made, and none after them. Empty: all are.
 */
export async function applyChanges<C extends KeyChange>(
  etcd: Etcd,
  changes: readonly C[],
  { signal, onApplied }: { readonly signal?: AbortSignal; readonly onApplied?: (count: number) => void } = {},
): Promise<readonly C[]> {
  const waiting = toBatches(changes);
  for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
    signal?.throwIfAborted();
    const outcome = await applyBatch(etcd, batch, signal);
    if (outcome === "refused") return batch;
    if (outcome === "applied") onApplied?.(batch.length);
    else if (batch.length > 1) waiting.unshift(...halves(batch));
    else throw new EtcdError("too-large", "A single key and its value are more than this server takes");
  }
  return [];
}

/** As many as a server takes in one transaction, by its defaults. */
export function toBatches<C extends KeyChange>(changes: readonly C[]): C[][] {
  const batches: C[][] = [];
  let bytes = 0;
  for (const change of changes) {
    const size = overhead + 2 * change.key.length + (change.after?.length ?? 0);
    const last = batches.at(-1);
    if (last === undefined || last.length === mostOps || bytes + size > mostBytes) {
      batches.push([change]);
      bytes = size;
    } else {
      last.push(change);
      bytes += size;
    }
  }
  return batches;
}

async function applyBatch(
  etcd: Etcd,
  batch: readonly KeyChange[],
  signal: AbortSignal | undefined,
): Promise<"applied" | "refused" | "too-many"> {
  try {
    const compare = batch.map(({ key, before }) => asSeen(key, before));
    const { succeeded } = await etcd.txn({ compare, success: batch.map(toOp) }, signal && { signal });
    return succeeded ? "applied" : "refused";
  } catch (error) {
    if (isEtcdError(error, "too-many-operations") || isEtcdError(error, "too-large")) return "too-many";
    throw error;
  }
}

function toOp({ key, after, lease }: KeyChange): Op {
  if (after === undefined) return op.delete(key);
  return op.put(key, after, lease === undefined ? {} : { lease });
}

function halves<T>(list: readonly T[]): T[][] {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)];
}
