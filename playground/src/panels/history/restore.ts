import type { Etcd, KeyValue, Range } from "etcd-web";
import { applyChanges, type KeyChange } from "../../values/apply-changes.ts";
import { toKeyId } from "../keys/key-id.ts";

/** What brings keys back to what they were. */
export interface Restoration {
  readonly steps: readonly KeyChange[];
  readonly created: number;
  readonly changed: number;
  readonly deleted: number;
}

/** What it would take to have a range as it was at a revision. */
export async function planRestore(etcd: Etcd, range: Range, revision: bigint): Promise<Restoration> {
  const [before, after] = await Promise.all([all(etcd, range, revision), all(etcd, range)]);
  const steps: KeyChange[] = [];
  for (const [id, wanted] of before) {
    const now = after.get(id);
    if (now === undefined || !sameBytes(now.value, wanted.value)) steps.push(toChange(wanted, now));
  }
  for (const [id, now] of after) if (!before.has(id)) steps.push({ key: now.key, before: now, after: undefined });
  return {
    steps,
    created: steps.filter(({ before }) => before === undefined).length,
    changed: steps.filter(({ before, after }) => before !== undefined && after !== undefined).length,
    deleted: steps.filter(({ after }) => after === undefined).length,
  };
}

/** Does it. False: something has changed meanwhile, and those that remain are as they were. */
export async function restore(etcd: Etcd, steps: readonly KeyChange[]): Promise<boolean> {
  return (await applyChanges(etcd, steps)).length === 0;
}

/** One key as an entry of the history has it. */
export async function restoreKey(etcd: Etcd, wanted: KeyValue): Promise<boolean> {
  return restore(etcd, [toChange(wanted, await etcd.get(wanted.key))]);
}

function toChange({ key, value: after }: KeyValue, before: KeyValue | undefined): KeyChange {
  // A lease of then may be gone; the one of now goes on.
  return { key, before, after, ...(before?.lease && { lease: before.lease }) };
}

async function all(etcd: Etcd, range: Range, revision?: bigint): Promise<ReadonlyMap<string, KeyValue>> {
  const found = new Map<string, KeyValue>();
  for await (const kv of etcd.scan(range, { revision })) found.set(toKeyId(kv.key), kv);
  return found;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
