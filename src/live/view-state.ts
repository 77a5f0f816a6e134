import { toPrintable } from "../base/bytes.ts";
import type { KeyValue } from "../base/key-value.ts";
import type { WatchEvent } from "../watch/events.ts";
import { TrieMap } from "./trie-map.ts";

/** A key as the cluster has it. */
export interface Entry {
  /** The value as text from which its bytes can be had back. */
  readonly text: string;
  readonly modRevision: bigint;
}

/** What a view knows, unchangeable: each update makes another that shares what has not changed. */
export interface ViewState<T> {
  /** 0n: nothing was heard of a cluster yet. */
  readonly revision: bigint;
  readonly entries: TrieMap<Entry>;
  /** What is shown: the last good value of each key, or its default. */
  readonly values: TrieMap<T>;
  /** Why the present value of a key cannot be shown. */
  readonly faults: ReadonlyMap<string, unknown>;
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
  return { revision: 0n, entries: TrieMap.empty(), values: TrieMap.empty<T>().with(defaults), faults: new Map() };
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

function apply<T>(
  state: ViewState<T>,
  revision: bigint,
  changes: readonly Change[],
  { decode, defaults }: Reading<T>,
): Updated<T> {
  const entries: [string, Entry | undefined][] = [];
  const values: [string, T | undefined][] = [];
  const faults = new Map(state.faults);
  const take = (key: string, kv: KeyValue): void => {
    try {
      values.push([key, decode(kv)]);
      faults.delete(key);
    } catch (fault) {
      faults.set(key, fault);
    }
  };
  for (const [key, kv] of changes) {
    if (kv === undefined) {
      entries.push([key, undefined]);
      values.push([key, defaults.get(key)]);
      faults.delete(key);
      continue;
    }
    const before = state.entries.get(key);
    const entry = { text: toPrintable(kv.value), modRevision: kv.modRevision };
    if (entry.text !== before?.text) take(key, kv);
    if (entry.text !== before?.text || entry.modRevision !== before.modRevision) entries.push([key, entry]);
  }
  const changed = values.filter(([key, value]) => !Object.is(value, state.values.get(key)));
  const next = {
    revision,
    entries: state.entries.with(entries),
    values: state.values.with(changed),
    faults: sameEntries(faults, state.faults) ? state.faults : faults,
  };
  return { state: next, keys: changed.map(([key]) => key) };
}

function sameEntries(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}
