import type { KeyValue, WatchBatch } from "etcd-web";
import { toKeyId } from "./key-id.ts";
import { type KeyRow, KeyRows } from "./key-rows.ts";

/** What there is of the keys; another object after each change. */
export interface KeyListState {
  /** Change in place. */
  readonly rows: KeyRows;
  /** Another number whenever a key has come or gone: while it is the same, only what rows say has changed. */
  readonly shape: number;
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
  #rows = new KeyRows();
  #state: KeyListState = { rows: this.#rows, shape: 0, phase: "loading", expected: 0, revision: 0n };
  #shown: KeyListState = this.#state;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;

  /** Starts over, with so many keys to come. What there was stays on the screen until they are there. */
  begin(expected: number): void {
    this.#rows = new KeyRows();
    const rows = this.#state.phase === "live" ? this.#state.rows : this.#rows;
    this.#change({ rows, shape: this.#state.shape + 1, phase: "loading", expected, revision: 0n });
  }

  /** The next key of the range. */
  load(kv: KeyValue): void {
    this.#rows.put(toRow(kv, 0));
    if (this.#state.rows === this.#rows) this.#change({ ...this.#state, shape: this.#state.shape + 1 });
  }

  /** They are all there, as they were at a revision. */
  loaded(revision: bigint): void {
    this.#change({ ...this.#state, rows: this.#rows, shape: this.#state.shape + 1, phase: "live", revision });
  }

  /** What has happened since. */
  apply({ revision, events }: WatchBatch): void {
    const now = Math.trunc(performance.now());
    let { shape } = this.#state;
    for (const { type, kv } of events) {
      const isPut = type === "put";
      const wasThere = isPut ? this.#rows.put(toRow(kv, now)) : this.#rows.delete(toKeyId(kv.key));
      if (wasThere !== isPut) shape++;
    }
    this.#change({ ...this.#state, shape, revision });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getState = (): KeyListState => this.#shown;

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
