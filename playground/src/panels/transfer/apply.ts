import { type Etcd, EtcdError, isEtcdError, op } from "etcd-web";
import { countOf } from "../../text/format.ts";
import { asSeen, mostOps } from "../../values/transactions.ts";
import type { Change } from "./plan.ts";

/** Well below etcd's default of `--max-request-bytes`. A server with less says so, as one with fewer operations does. */
const mostBytes = 1024 * 1024;
/** Of a compare and an operation, beside key and value. */
const overhead = 64;

/** How far an import is. */
export interface ApplyProgress {
  readonly applied: number;
  readonly total: number;
}

/**
 * Applies changes, as many as the server takes in one transaction after the other. Each is made only where its keys are
 * still as they were when the changes were planned: else "conflict", and nothing of that transaction has happened.
 */
export async function applyChanges(
  etcd: Etcd,
  planned: readonly Change[],
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (progress: ApplyProgress) => void },
): Promise<void> {
  const changes = changesOf(planned);
  const total = changes.length;
  let applied = 0;
  const waiting = toBatches(changes);
  for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
    signal.throwIfAborted();
    if (await applyBatch(etcd, batch, signal)) {
      applied += batch.length;
      onProgress({ applied, total });
    } else if (batch.length > 1) {
      waiting.unshift(...halves(batch));
    } else {
      throw new EtcdError("too-large", "A single key and its value are more than this server takes");
    }
  }
}

/** False: the server takes fewer at once. */
async function applyBatch(etcd: Etcd, batch: readonly Change[], signal: AbortSignal): Promise<boolean> {
  try {
    const { succeeded } = await etcd.txn(
      { compare: batch.map(({ key, before }) => asSeen(key, before)), success: batch.map(toOp) },
      { signal },
    );
    if (succeeded) return true;
  } catch (error) {
    if (isEtcdError(error, "too-many-operations") || isEtcdError(error, "too-large")) return false;
    throw error;
  }
  const what = countOf(batch.length, "key was", "keys were");
  throw new EtcdError("conflict", `Somebody has changed a key since the preview; ${what} left alone. Preview again`);
}

function toOp({ key, after }: Change) {
  return after === undefined ? op.delete({ key }) : op.put(key, after);
}

/** What there is to do. */
export function changesOf(planned: readonly Change[]): readonly Change[] {
  return planned.filter(({ kind }) => kind !== "unchanged");
}

/** As many as a server takes in one transaction, by its defaults. */
export function toBatches(changes: readonly Change[]): Change[][] {
  const batches: Change[][] = [];
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

function halves<T>(list: readonly T[]): T[][] {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)];
}
