import type { Etcd, KeyValue, Range } from "etcd-web";
import { keyText } from "../../text/key-text.ts";
import type { Entry, KeysDocument } from "./document.ts";

/** What an import does to a key. */
export interface Change {
  readonly kind: ChangeKind;
  readonly key: Uint8Array;
  /** As it is in etcd; undefined: it is not. */
  readonly before: KeyValue | undefined;
  /** As it will be; undefined: gone. */
  readonly after: Uint8Array | undefined;
}

export type ChangeKind = "created" | "changed" | "deleted" | "unchanged";

/** The keys that begin with a prefix. The empty one means all. */
export function rangeOf(prefix: Uint8Array): Range {
  return prefix.length === 0 ? { all: true } : { prefix };
}

/** What is in etcd under a prefix, at one revision. */
export async function readEntries(
  etcd: Etcd,
  prefix: Uint8Array,
  options: { readonly signal?: AbortSignal; readonly revision?: bigint },
): Promise<readonly KeyValue[]> {
  const kvs: KeyValue[] = [];
  for await (const kv of etcd.scan(rangeOf(prefix), options)) kvs.push(kv);
  return kvs;
}

/** What importing would do to the keys that are there. */
export function planImport(
  present: readonly KeyValue[],
  { entries }: KeysDocument,
  deleteOthers: boolean,
): readonly Change[] {
  const there = new Map(present.map((kv) => [keyText(kv.key), kv]));
  const changes = entries.map((entry) => toChange(entry, there.get(keyText(entry.key))));
  if (!deleteOthers) return changes;
  const wanted = new Set(entries.map(({ key }) => keyText(key)));
  const others = present.filter(({ key }) => !wanted.has(keyText(key)));
  return [...changes, ...others.map((kv): Change => ({ kind: "deleted", key: kv.key, before: kv, after: undefined }))];
}

function toChange({ key, value }: Entry, before: KeyValue | undefined): Change {
  const kind = before === undefined ? "created" : sameBytes(before.value, value) ? "unchanged" : "changed";
  return { kind, key, before, after: value };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
