import { toPrintable } from "../base/bytes.ts";
import type { KeyValue } from "../base/key-value.ts";
import type { WatchEvent } from "../watch/events.ts";
import { TrieMap } from "./trie-map.ts";

/** A key as the cluster has it. */
export interface Entry {
  /** The value as text from which its bytes can be had back. */
  readonly text: string;
  /** A number where it is exact: that takes no room of its own. */
  readonly modRevision: number | bigint;
}

/** What a view knows, unchangeable: each update makes another that shares what has not changed. */
export interface ViewState<T> {
  /** 0n: nothing was heard of a cluster yet. */
  readonly revision: bigint;
  readonly entries: TrieMap<Entry>;
  /** What is shown: the last good value of each key, or its default. */
  readonly values: TrieMap<T>;
  /** Why the present value of a key cannot be shown. */
  readonly faults: TrieMap<unknown>;
}

/** What makes values of pairs, and what stands where there is none. */
export interface Reading<T> {
  /** Throws where the pair is not what it should be. */
  decode(kv: KeyValue): T;
  readonly defaults: ReadonlyMap<string, T>;
}

/** A state and the keys that show something else than before. */
export interface Updated<T> {
  readonly state: ViewState<T>;
  readonly keys: readonly string[];
}

type Change = readonly [key: string, kv: KeyValue | undefined];

/** Before anything is known. */
export function initialState<T>({ defaults }: Reading<T>): ViewState<T> {
  const values = TrieMap.empty<T>().with(defaults);
  return { revision: 0n, entries: TrieMap.empty(), values, faults: TrieMap.empty() };
}

/** After everything was read. */
export function afterSnapshot<T>(
  state: ViewState<T>,
  snapshot: { readonly kvs: readonly KeyValue[]; readonly revision: bigint },
  reading: Reading<T>,
): Updated<T> {
  const present = snapshot.kvs.map((kv): Change => [toPrintable(kv.key), kv]);
  const names = new Set(present.map(([key]) => key));
  const gone = [...state.entries.keys()].filter((key) => !names.has(key)).map((key): Change => [key, undefined]);
  return apply(state, snapshot.revision, [...gone, ...present], reading);
}

/** After one revision. */
export function afterEvents<T>(
  state: ViewState<T>,
  batch: { readonly events: readonly WatchEvent[]; readonly revision: bigint },
  reading: Reading<T>,
): Updated<T> {
  const changes = batch.events.map(
    (event): Change => [toPrintable(event.kv.key), event.type === "put" ? event.kv : undefined],
  );
  return apply(state, batch.revision, changes, reading);
}

function apply<T>(state: ViewState<T>, revision: bigint, changes: readonly Change[], reading: Reading<T>): Updated<T> {
  const entries: [string, Entry | undefined][] = [];
  const values: [string, T | undefined][] = [];
  const faults: [string, unknown][] = [];
  for (const [key, kv] of changes) {
    const before = state.entries.get(key);
    const entry = kv && { text: toPrintable(kv.value), modRevision: compact(kv.modRevision) };
    if (entry?.text !== before?.text || entry?.modRevision !== before?.modRevision) entries.push([key, entry]);
    if (entry !== undefined && entry.text === before?.text) continue;
    const shown = show(key, kv, reading);
    // Text is kept once, not as what is shown and as what is kept.
    if ("value" in shown) values.push([key, shown.value === entry?.text ? (entry?.text as T) : shown.value]);
    faults.push([key, "fault" in shown ? shown.fault : undefined]);
  }
  const changed = changedIn(state.values, values);
  const next = {
    revision,
    entries: state.entries.with(entries),
    values: state.values.with(changed),
    faults: state.faults.with(changedIn(state.faults, faults)),
  };
  return { state: next, keys: changed.map(([key]) => key) };
}

/** What stands for a pair, or why nothing new does. */
function show<T>(
  key: string,
  kv: KeyValue | undefined,
  { decode, defaults }: Reading<T>,
): { readonly value: T | undefined } | { readonly fault: unknown } {
  if (kv === undefined) return { value: defaults.get(key) };
  try {
    return { value: decode(kv) };
  } catch (fault) {
    return { fault };
  }
}

function compact(revision: bigint): number | bigint {
  return revision <= Number.MAX_SAFE_INTEGER ? Number(revision) : revision;
}

function changedIn<T>(map: TrieMap<T>, edits: readonly [string, T | undefined][]): readonly [string, T | undefined][] {
  return edits.filter(([key, value]) => !Object.is(value, map.get(key)));
}
