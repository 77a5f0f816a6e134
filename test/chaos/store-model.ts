import { type History, holds, type KeyEvent, type Pair } from "./history.ts";
import { quote } from "./sentences.ts";
import { deletedPair } from "./watch-record.ts";
import type { Effect } from "./writes.ts";

/** What etcd must hold after each revision, by etcd's own rules. */
export class StoreModel {
  readonly #pairs = new Map<string, Pair>();

  /** The events of a write, were it the next revision; none: it would change nothing. */
  eventsOf(effects: readonly Effect[], revision: bigint): KeyEvent[] {
    return effects.flatMap((effect) => this.#eventsOf(effect, revision));
  }

  /** The events of a lease's end. */
  eventsOfEnd(lease: bigint, revision: bigint): KeyEvent[] {
    const attached = [...this.#pairs.values()].filter((pair) => pair.lease === lease);
    return attached.sort(byKey).map((pair) => deletion(pair, revision));
  }

  /** The leases that hold keys. */
  leases(): Set<bigint> {
    return new Set([...this.#pairs.values()].map(({ lease }) => lease).filter((lease) => lease !== 0n));
  }

  apply(events: readonly KeyEvent[]): void {
    for (const { type, kv } of events) {
      if (type === "put") this.#pairs.set(kv.key, kv);
      else this.#pairs.delete(kv.key);
    }
  }

  #eventsOf(effect: Effect, revision: bigint): KeyEvent[] {
    if (effect.kind === "put") return [this.#put(effect, revision)];
    const gone = [...this.#pairs.values()].filter(({ key }) => holds(effect, key));
    return gone.sort(byKey).map((pair) => deletion(pair, revision));
  }

  #put({ key, value, lease }: Extract<Effect, { kind: "put" }>, modRevision: bigint): KeyEvent {
    const prevKv = this.#pairs.get(key);
    const { createRevision, version } = prevKv ?? { createRevision: modRevision, version: 0n };
    return { type: "put", kv: { key, value, createRevision, modRevision, version: version + 1n, lease }, prevKv };
  }
}

/** Whether two lists of events are the same in every field. */
export function sameEvents(a: readonly KeyEvent[], b: readonly KeyEvent[]): boolean {
  return a.length === b.length && a.every((event, index) => sameEvent(event, b[index]));
}

/** What a revision holds, for a sentence. */
export function describeRevision(history: History, revision: bigint): string {
  return history
    .at(revision)
    .map(({ type, kv }) => (type === "put" ? `put ${quote(kv.key)} = ${quote(kv.value)}` : `delete ${quote(kv.key)}`))
    .join(", ");
}

function deletion(pair: Pair, revision: bigint): KeyEvent {
  return { type: "delete", kv: deletedPair(pair.key, revision), prevKv: pair };
}

function sameEvent(a: KeyEvent, b: KeyEvent | undefined): boolean {
  return b !== undefined && a.type === b.type && samePair(a.kv, b.kv) && samePair(a.prevKv, b.prevKv);
}

function samePair(a: Pair | undefined, b: Pair | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (Object.keys(a) as (keyof Pair)[]).every((field) => a[field] === b[field]);
}

function byKey(a: Pair, b: Pair): number {
  return a.key < b.key ? -1 : 1;
}
