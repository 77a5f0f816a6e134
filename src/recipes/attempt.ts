import { type Key, toBytes, toPrintable } from "../base/bytes.ts";
import { EtcdError, isEtcdError } from "../base/errors.ts";
import { KeyValue } from "../base/key-value.ts";
import { type LeaseRef, toLeaseId } from "../base/lease-ref.ts";
import { toKey } from "../base/range.ts";
import type { EtcdKeyspace } from "../client/etcd.ts";
import { type Compare, compare } from "../kv/compare.ts";
import { op } from "../kv/op.ts";
import type { Op } from "../kv/txn.ts";
import type { Part } from "./limit.ts";
import { together } from "./together.ts";
import type { Known, Level, Outcome, StmTransaction } from "./transaction.ts";

interface Read {
  readonly key: Uint8Array;
  readonly kv: KeyValue | undefined;
}

interface Write {
  readonly key: Uint8Array;
  readonly operation: Op;
  /** As the transaction itself reads it. */
  readonly kv: KeyValue | undefined;
}

interface Scene {
  readonly etcd: EtcdKeyspace;
  readonly level: Level;
  readonly part: Part;
  readonly known: Known | undefined;
}

/** One run of a transaction's body: what it has read and what it will write. */
export class Attempt implements StmTransaction {
  readonly #scene: Scene;
  readonly #reading = new Map<string, Promise<KeyValue | undefined>>();
  readonly #reads = new Map<string, Read>();
  readonly #writes = new Map<string, Write>();
  /** Of the first read, where all are made at its revision. */
  #revision: Promise<bigint> | undefined;
  /** The revision is compacted away: only another attempt can help. */
  #tooOld = false;
  #over = false;

  constructor(scene: Scene) {
    this.#scene = scene;
    if (scene.known !== undefined) this.#revision = Promise.resolve(scene.known.revision);
  }

  get(key: Key): Promise<KeyValue | undefined> {
    return this.#get(toKey(key).slice());
  }

  put(key: Key, value: Key, options: { readonly lease?: LeaseRef | undefined } = {}): void {
    const pair = {
      key: toKey(key).slice(),
      value: toBytes(value, "The value").slice(),
      lease: toLeaseId(options.lease),
    };
    const kv = KeyValue.from({ ...pair, createRevision: 0n, modRevision: 0n, version: 0n });
    this.#write({ key: pair.key, operation: op.put(pair.key, pair.value, { lease: pair.lease }), kv });
  }

  delete(key: Key): void {
    const bytes = toKey(key).slice();
    this.#write({ key: bytes, operation: op.delete(bytes), kv: undefined });
  }

  /** Reads keys together that are not known. */
  async prefetch(keys: readonly Uint8Array[]): Promise<void> {
    const { etcd, level, part, known } = this.#scene;
    const missing = keys.filter((key) => !known?.pairs.has(toPrintable(key)));
    if (missing.length > 0 && this.#revision === undefined) {
      const serializable = !level.oneRevision;
      const gets = missing.map((key) => op.get(key, { serializable }));
      const { results, revision } = await together(etcd, gets, part);
      if (level.oneRevision) this.#revision = Promise.resolve(revision);
      for (const [i, key] of missing.entries()) this.#reading.set(toPrintable(key), this.#note(key, results[i]));
    }
    await Promise.all(keys.map((key) => this.#get(key)));
  }

  /** Waits for the body, then commits. What the body throws is thrown, unless what it could read was too old. */
  async conclude<T>(body: Promise<T>): Promise<Outcome<T>> {
    try {
      const value = await body;
      if (!this.#tooOld) return await this.#commit(value);
    } catch (error) {
      if (!this.#tooOld) throw error;
    } finally {
      this.#over = true;
    }
    return { committed: false, known: undefined };
  }

  async #commit<T>(value: T): Promise<Outcome<T>> {
    this.#over = true;
    const { etcd, level, part } = this.#scene;
    const guards = await this.#guards();
    if (guards.length + this.#writes.size === 0) return { committed: true, value };
    const reads = level.oneRevision ? [...this.#reads] : [];
    const { succeeded, results, revision } = await etcd.txn(
      {
        compare: guards,
        success: Array.from(this.#writes.values(), ({ operation }) => operation),
        failure: reads.map(([, { key }]) => op.get(key)),
      },
      part,
    );
    if (succeeded) return { committed: true, value };
    if (reads.length === 0) return { committed: false, known: undefined };
    return { committed: false, known: { revision, pairs: new Map(reads.map(([name], i) => [name, results[i]])) } };
  }

  async #guards(): Promise<Compare[]> {
    const { level } = this.#scene;
    const reads = level.guardReads ? [...this.#reads.values()] : [];
    const guards = reads.map(({ key, kv }) => compare.modRevision(key).equals(kv?.modRevision ?? 0n));
    if (!level.guardWrites || this.#reads.size === 0 || this.#revision === undefined) return guards;
    const first = await this.#revision;
    for (const { key } of this.#writes.values()) guards.push(compare.modRevision(key).less(first + 1n));
    return guards;
  }

  #write(write: Write): void {
    this.#refuseWhenOver();
    this.#writes.set(toPrintable(write.key), write);
  }

  async #get(key: Uint8Array): Promise<KeyValue | undefined> {
    this.#refuseWhenOver();
    const name = toPrintable(key);
    const write = this.#writes.get(name);
    if (write !== undefined) return write.kv;
    const reading = this.#reading.get(name) ?? this.#read(key, name);
    this.#reading.set(name, reading);
    return reading;
  }

  async #read(key: Uint8Array, name: string): Promise<KeyValue | undefined> {
    const { etcd, level, part, known } = this.#scene;
    if (known?.pairs.has(name)) return this.#note(key, known.pairs.get(name));
    if (!level.oneRevision) return this.#note(key, await etcd.get(key, { ...part, serializable: true }));
    if (this.#revision !== undefined) return this.#note(key, await this.#readAt(await this.#revision, key));
    const first = etcd.range(key, part);
    this.#revision = first.then(({ revision }) => revision);
    this.#revision.catch(() => {}); // told to who reads
    const { kvs } = await first;
    return this.#note(key, kvs[0]);
  }

  // Any member has the revision, but for one that lags behind.
  async #readAt(revision: bigint, key: Uint8Array): Promise<KeyValue | undefined> {
    const { etcd, part } = this.#scene;
    try {
      return await etcd.get(key, { ...part, revision, serializable: true });
    } catch (error) {
      if (isEtcdError(error, "future-revision")) return etcd.get(key, { ...part, revision });
      if (isEtcdError(error, "compacted")) this.#tooOld = true;
      throw error;
    }
  }

  async #note(key: Uint8Array, kv: KeyValue | undefined): Promise<KeyValue | undefined> {
    this.#reads.set(toPrintable(key), { key, kv });
    return kv;
  }

  #refuseWhenOver(): void {
    if (this.#over) throw new EtcdError("failed-precondition", "stm: this attempt of the transaction is over");
  }
}
