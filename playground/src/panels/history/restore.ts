import { type Etcd, type KeyValue, type Op, op, type Range } from "etcd-web";
import { asSeen, mostOps } from "../../values/transactions.ts";
import { toKeyId } from "../keys/key-id.ts";

/** What brings keys back to what they were. */
export interface Restoration {
  readonly steps: readonly Step[];
  readonly created: number;
  readonly changed: number;
  readonly deleted: number;
}

/** What is to be done to one key. */
export interface Step {
  readonly key: Uint8Array;
  /** Undefined: it was not there. */
  readonly wanted: KeyValue | undefined;
  /** As it is now; a step is not taken if that has changed. */
  readonly now: KeyValue | undefined;
}

/** What it would take to have a range as it was at a revision. */
export async function planRestore(etcd: Etcd, range: Range, revision: bigint): Promise<Restoration> {
  const [before, after] = await Promise.all([all(etcd, range, revision), all(etcd, range)]);
  const steps: Step[] = [];
  for (const [id, wanted] of before) {
    const now = after.get(id);
    if (now === undefined || !sameBytes(now.value, wanted.value)) steps.push({ key: wanted.key, wanted, now });
  }
  for (const [id, now] of after) if (!before.has(id)) steps.push({ key: now.key, wanted: undefined, now });
  return {
    steps,
    created: steps.filter(({ now }) => now === undefined).length,
    changed: steps.filter(({ wanted, now }) => wanted !== undefined && now !== undefined).length,
    deleted: steps.filter(({ wanted }) => wanted === undefined).length,
  };
}

/** Does it, 128 keys in each transaction. False: something has changed meanwhile, and those that remain are as they were. */
export async function restore(etcd: Etcd, steps: readonly Step[]): Promise<boolean> {
  for (let at = 0; at < steps.length; at += mostOps) {
    const some = steps.slice(at, at + mostOps);
    const { succeeded } = await etcd.txn({
      compare: some.map(({ key, now }) => asSeen(key, now)),
      success: some.map(toOp),
    });
    if (!succeeded) return false;
  }
  return true;
}

/** One key as an entry of the history has it. */
export async function restoreKey(etcd: Etcd, key: Uint8Array, wanted: KeyValue): Promise<boolean> {
  return restore(etcd, [{ key, wanted, now: await etcd.get(key) }]);
}

function toOp({ key, wanted, now }: Step): Op {
  if (wanted === undefined) return op.delete(key);
  // A lease of then may be gone; the one of now goes on.
  return op.put(key, wanted.value, now?.lease ? { lease: now.lease } : {});
}

async function all(etcd: Etcd, range: Range, revision?: bigint): Promise<ReadonlyMap<string, KeyValue>> {
  const found = new Map<string, KeyValue>();
  for await (const kv of etcd.scan(range, { revision })) found.set(toKeyId(kv.key), kv);
  return found;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
