import type { KeyValue, WatchBatch } from "etcd-web";
import { type KeyId, toKeyId } from "../keys/key-id.ts";

/** What a revision did to a key. */
export interface Entry {
  /** Of the log: it stays the same. */
  readonly index: number;
  /** `kept`: it was there when history begins, and nothing is known of before. */
  readonly kind: "create" | "change" | "delete" | "kept";
  readonly revision: bigint;
  readonly key: Uint8Array;
  /** What it was from then on; undefined: gone. */
  readonly kv: KeyValue | undefined;
  /** The entry of the same key before; of one that was let go, nothing is known of before. */
  readonly before: Entry | undefined;
}

type Kept = Entry & { before: Kept | undefined };

export interface LogState {
  /** Oldest first. */
  readonly entries: readonly Entry[];
  /** Where history begins: older revisions have been compacted. */
  readonly beginsAt: bigint;
  readonly phase: "reading" | "live";
  /** There were more, and the oldest were let go. */
  readonly isCut: boolean;
}

const most = 20_000;
const everyMs = 100;

/** The history of some keys as it is read. */
export class HistoryLog {
  readonly #listeners = new Set<() => void>();
  readonly #last = new Map<KeyId, Kept>();
  #entries: Kept[] = [];
  #isCut = false;
  #made = 0;
  #beginsAt = 1n;
  #phase: LogState["phase"] = "reading";
  #shown: LogState = { entries: [], beginsAt: 1n, phase: "reading", isCut: false };
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Begins with what was there at a revision. */
  begin(kvs: readonly KeyValue[], beginsAt: bigint): void {
    this.#entries = [];
    this.#isCut = false;
    this.#last.clear();
    this.#beginsAt = beginsAt;
    const byAge = kvs.toSorted((a, b) => Number(a.modRevision - b.modRevision));
    for (const kv of byAge) this.#add({ kind: "kept", revision: kv.modRevision, key: kv.key, kv });
    this.#change();
  }

  add({ events }: WatchBatch): void {
    for (const event of events) {
      const { key, modRevision: revision } = event.kv;
      if (event.type === "delete") this.#add({ kind: "delete", revision, key, kv: undefined });
      else this.#add({ kind: event.isCreate ? "create" : "change", revision, key, kv: event.kv });
    }
    this.#change();
  }

  /** Everything until now has come. */
  live(): void {
    this.#phase = "live";
    this.#change();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getState = (): LogState => this.#shown;

  #add(entry: Omit<Entry, "before" | "index">): void {
    const id = toKeyId(entry.key);
    const before = this.#last.get(id);
    const added = { ...entry, before, index: this.#made++ };
    this.#last.set(id, added);
    this.#entries.push(added);
  }

  #change(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#entries.length > 2 * most) this.#letGo();
      this.#shown = {
        entries: [...this.#entries],
        beginsAt: this.#beginsAt,
        phase: this.#phase,
        isCut: this.#isCut,
      };
      for (const listener of this.#listeners) listener();
    }, everyMs);
  }

  /** Of the oldest. The oldest that stays of a key still shows what it came from; further back nothing is held. */
  #letGo(): void {
    this.#isCut = true;
    for (const entry of this.#entries.splice(0, this.#entries.length - most)) {
      entry.before = undefined;
      const id = toKeyId(entry.key);
      if (entry.kind === "delete" && this.#last.get(id) === entry) this.#last.delete(id);
    }
  }
}
