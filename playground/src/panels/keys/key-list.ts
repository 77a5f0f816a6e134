import type { KeyValue, WatchBatch } from "etcd-web";
import { toKeyId } from "./key-id.ts";
import { type KeyRow, lowerBound } from "./key-row.ts";

/** What there is of the keys; another object after each change. */
export interface KeyListState {
  /** In etcd's order. Changes in place. */
  readonly rows: readonly KeyRow[];
  /** `loading`: those that have come so far. */
  readonly phase: "loading" | "live";
  /** Of the whole range, as it was when loading began. */
  readonly expected: number;
  readonly revision: bigint;
}

/** How often listeners hear at most: a screen of a busy cluster need not draw each change. */
const everyMs = 100;

/** All keys of a range, kept current by whoever calls. */
export class KeyList {
  readonly #listeners = new Set<() => void>();
  #rows: KeyRow[] = [];
  #state: KeyListState = { rows: this.#rows, phase: "loading", expected: 0, revision: 0n };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;

  /** Starts over, with so many keys to come. What there was stays on the screen until they are there. */
  begin(expected: number): void {
    this.#rows = [];
    const shown = this.#state.phase === "live" ? this.#state.rows : this.#rows;
    this.#change({ rows: shown, phase: "loading", expected, revision: 0n });
  }

  /** The next key of the range. */
  load(kv: KeyValue): void {
    this.#rows.push(toRow(kv, 0));
    if (this.#state.rows === this.#rows) this.#change(this.#state);
  }

  /** They are all there, as they were at a revision. */
  loaded(revision: bigint): void {
    this.#change({ ...this.#state, rows: this.#rows, phase: "live", revision });
  }

  /** What has happened since. */
  apply({ revision, events }: WatchBatch): void {
    const now = performance.now();
    for (const event of events) {
      const id = toKeyId(event.kv.key);
      const at = lowerBound(this.#rows, id);
      const found = this.#rows[at]?.id === id ? 1 : 0;
      if (event.type === "put") this.#rows.splice(at, found, toRow(event.kv, now));
      else this.#rows.splice(at, found);
    }
    this.#change({ ...this.#state, revision });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getState = (): KeyListState => this.#shown;

  #shown: KeyListState = this.#state;

  #change(next: KeyListState): void {
    this.#state = next;
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#toldAt + everyMs - performance.now());
    this.#timer = setTimeout(() => this.#tell(), wait);
  }

  #tell(): void {
    this.#timer = undefined;
    this.#toldAt = performance.now();
    this.#shown = { ...this.#state };
    for (const listener of this.#listeners) listener();
  }
}

function toRow({ key, modRevision, version }: KeyValue, changedAt: number): KeyRow {
  return { id: toKeyId(key), modRevision, version, changedAt };
}
