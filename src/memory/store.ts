import { create } from "@bufbuild/protobuf";
import { own } from "../base/bytes.ts";
import { type KeyValue, KeyValueSchema } from "../gen/mvccpb/kv_pb.ts";
import { type Change, ChangeLog, firstLogged } from "./change-log.ts";
import { errors } from "./errors.ts";
import { KeyIndex } from "./key-index.ts";
import { type Span, toName } from "./keys.ts";

/** The state at one moment, for reads. */
export interface View {
  readonly index: KeyIndex;
  /** The revision a read sees unless it asks for another, and the one its answer names. */
  readonly revision: bigint;
  /** The oldest revision that can be read; -1 before the first compaction, as in etcd. */
  readonly compacted: bigint;
  /** The keys written after a revision. */
  changedSince(revision: bigint): Set<string>;
}

/** What the store tells to those who keep track of leases and watches. */
export interface StoreObserver {
  /** A key left one lease (0: none) for another. */
  moved(name: string, from: bigint, to: bigint): void;
  /** A revision was written, and can be read. */
  committed(revision: bigint, changes: readonly Change[]): void;
}

/** A store at rest. */
export interface StoreState {
  readonly revision: bigint;
  readonly compacted: bigint;
  /** What the first logged revision found, as far as it is still there. */
  readonly base: readonly KeyValue[];
  /** The changes of every revision from the first logged one on. */
  readonly log: readonly (readonly Change[])[];
}

const emptyStore: StoreState = { revision: 1n, compacted: -1n, base: [], log: [] };

/** etcd's multi-version store: synchronous, without clock or I/O. */
export class Store implements View {
  readonly index: KeyIndex = new KeyIndex();
  readonly log: ChangeLog;
  readonly #observer: StoreObserver;
  #revision: bigint;
  #compacted: bigint;

  constructor(observer: StoreObserver, state: StoreState = emptyStore) {
    this.#observer = observer;
    this.#revision = state.revision;
    this.#compacted = state.compacted;
    this.log = new ChangeLog(firstLogged(state.compacted), state.log);
    for (const kv of state.base) this.index.push(toName(kv.key), kv);
    for (const changes of state.log) for (const { name, kv } of changes) this.index.push(name, kv);
    // The log still has what the compacted revision deleted, for watches from there on; the index must not.
    for (const { name } of this.log.at(state.compacted)) this.index.compact(name, state.compacted);
  }

  get revision(): bigint {
    return this.#revision;
  }

  get compacted(): bigint {
    return this.#compacted;
  }

  /** All of it, for another store to start from. */
  get state(): StoreState {
    const base: KeyValue[] = [];
    this.index.visit({ from: "", to: undefined }, ({ versions }) => {
      base.push(...versions.filter(({ modRevision }) => modRevision < this.log.first));
      return true;
    });
    return { revision: this.#revision, compacted: this.#compacted, base, log: this.log.entries };
  }

  changedSince(revision: bigint): Set<string> {
    const names = new Set<string>();
    for (let at = revision + 1n; at <= this.#revision; at += 1n)
      for (const { name } of this.log.at(at)) names.add(name);
    return names;
  }

  /** Runs `body`; all it writes gets one new revision, or none where it wrote nothing. */
  write<T>(body: (writer: Writer) => T): T {
    const writer = new Writer(this, this.#observer);
    const result = body(writer);
    if (writer.changes.length > 0) {
      this.#revision += 1n;
      this.log.append(writer.changes);
      this.#observer.committed(this.#revision, writer.changes);
    }
    return result;
  }

  /** Forgets what only revisions before this one show. */
  compact(revision: bigint): void {
    if (revision <= this.#compacted) throw errors.compacted();
    if (revision > this.#revision) throw errors.futureRevision();
    this.#compacted = revision;
    for (const name of this.log.compact(revision)) this.index.compact(name, revision);
  }
}

/** The writes of one revision. Its reads see them. */
export class Writer implements View {
  readonly changes: Change[] = [];
  readonly #store: Store;
  readonly #observer: StoreObserver;
  readonly #begin: bigint;

  constructor(store: Store, observer: StoreObserver) {
    this.#store = store;
    this.#observer = observer;
    this.#begin = store.revision;
  }

  get index(): KeyIndex {
    return this.#store.index;
  }

  get compacted(): bigint {
    return this.#store.compacted;
  }

  get revision(): bigint {
    return this.changes.length === 0 ? this.#begin : this.#begin + 1n;
  }

  changedSince(revision: bigint): Set<string> {
    const names = this.#store.changedSince(revision);
    for (const { name } of this.changes) names.add(name);
    return names;
  }

  /** Stores the value; returns the revision written. */
  put(key: Uint8Array, value: Uint8Array, lease: bigint): bigint {
    const name = toName(key);
    const old = this.index.latest(name);
    const modRevision = this.#begin + 1n;
    const kv = create(KeyValueSchema, {
      key: own(key),
      value: own(value),
      lease,
      modRevision,
      createRevision: old?.createRevision ?? modRevision,
      version: (old?.version ?? 0n) + 1n,
    });
    this.#push(name, kv);
    this.#move(name, old?.lease ?? 0n, lease);
    return modRevision;
  }

  /** Deletes what is there; returns what it was, in key order. */
  delete(span: Span): KeyValue[] {
    const found: [string, KeyValue][] = [];
    this.index.visit(span, ({ name, latest }) => {
      if (latest !== undefined) found.push([name, latest]);
      return true;
    });
    for (const [name, { key, lease }] of found) {
      this.#push(name, create(KeyValueSchema, { key, modRevision: this.#begin + 1n }));
      this.#move(name, lease, 0n);
    }
    return found.map(([, kv]) => kv);
  }

  #push(name: string, kv: KeyValue): void {
    this.index.push(name, kv);
    this.changes.push({ name, kv });
  }

  #move(name: string, from: bigint, to: bigint): void {
    if (from !== to) this.#observer.moved(name, from, to);
  }
}
