import type { Key } from "../base/bytes.ts";
import type { KeyValue } from "../base/key-value.ts";
import type { Int64 } from "../base/numbers.ts";
import type { Range } from "../base/range.ts";
import type { CallOptions } from "../transport/caller.ts";
import type {
  DeleteOptions,
  DeleteResult,
  PutOptions,
  PutResult,
  RangeOptions,
  RangeResult,
  ReadOptions,
  ScanOptions,
} from "./options.ts";
import type { Op, Txn, TxnResult } from "./txn.ts";

/** Reading keys and values. */
export interface KvReader {
  /**
   * The pair of one key, or undefined.
   *
   * @example
   * ```ts
   * import { createEtcd } from "etcd-web";
   *
   * const etcd = createEtcd({ endpoints: "https://etcd.example.com" });
   * const kv = await etcd.get("config/theme");
   * console.log(kv?.text(), kv?.modRevision);
   * ```
   */
  get(key: Key, options?: ReadOptions): Promise<KeyValue | undefined>;
  /**
   * The pairs of a range.
   *
   * @example
   * ```ts
   * import type { Etcd } from "etcd-web";
   *
   * async function newest(etcd: Etcd): Promise<string[]> {
   *   const { kvs } = await etcd.range({ prefix: "config/" }, { limit: 10, sort: { by: "modRevision", order: "descending" } });
   *   return kvs.map((kv) => kv.keyText());
   * }
   * ```
   */
  range(range: Range, options?: RangeOptions): Promise<RangeResult>;
  /** How many keys a range has, without sending them. */
  count(range: Range, options?: ReadOptions): Promise<number>;
  /**
   * Every pair of a range at one revision, in the order of the keys, however many there are: as a stream where the
   * server has one (etcd 3.7), in pages elsewhere. It reads about 1 MiB ahead. `break` ends it. History that is compacted
   * away meanwhile ends it with EtcdError "compacted".
   *
   * @example
   * ```ts
   * import type { Etcd } from "etcd-web";
   *
   * async function total(etcd: Etcd): Promise<number> {
   *   let bytes = 0;
   *   for await (const kv of etcd.scan({ prefix: "blobs/" })) bytes += kv.value.length;
   *   return bytes;
   * }
   * ```
   */
  scan(range: Range, options?: ScanOptions): AsyncIterable<KeyValue>;
}

/** Reading and writing keys and values. */
export interface Kv extends KvReader {
  /**
   * Writes a key. An empty value is a value. Over the server's limit (1.5 MiB unless set otherwise): EtcdError "too-large".
   *
   * @example
   * ```ts
   * import type { Etcd } from "etcd-web";
   *
   * async function darken(etcd: Etcd): Promise<bigint> {
   *   const { revision } = await etcd.put("config/theme", "dark");
   *   return revision;
   * }
   * ```
   */
  put(key: Key, value: Key, options?: PutOptions): Promise<PutResult>;
  /** Writes a key only if it is not there; else EtcdError "already-exists" with `current`. */
  create(key: Key, value: Key, options?: Omit<PutOptions, "ignoreValue" | "ignoreLease">): Promise<PutResult>;
  /**
   * Writes a key only if it was not written since `ifModRevision` (0: only if it is not there); else EtcdError "conflict"
   * with `current`, which is undefined where the key is gone.
   *
   * @example
   * ```ts
   * import { type Etcd, isEtcdError } from "etcd-web";
   *
   * async function increment(etcd: Etcd, key: string): Promise<number> {
   *   for (let kv = await etcd.get(key); ; ) {
   *     const count = Number(kv?.text() ?? 0) + 1;
   *     try {
   *       await etcd.update(key, String(count), { ifModRevision: kv?.modRevision ?? 0n });
   *       return count;
   *     } catch (error) {
   *       if (!isEtcdError(error, "conflict")) throw error;
   *       kv = error.current;
   *     }
   *   }
   * }
   * ```
   */
  update(key: Key, value: Key, options: PutOptions & { readonly ifModRevision: Int64 }): Promise<PutResult>;
  /** Deletes the keys of a range; all of them only if that is said: `{ all: true }`. */
  delete(range: Range, options?: DeleteOptions): Promise<DeleteResult>;
  /** Runs one operation. */
  do<R>(op: Op<R>, options?: CallOptions): Promise<R>;
  /**
   * Runs a transaction. One that writes the same key twice is "duplicate-key", one of too many operations
   * "too-many-operations".
   *
   * @example
   * ```ts
   * import { compare, type Etcd, op } from "etcd-web";
   *
   * async function move(etcd: Etcd): Promise<string | undefined> {
   *   const moved = await etcd.txn({
   *     compare: [compare.missing("b")],
   *     success: [op.put("b", "v"), op.delete("a")],
   *     failure: [op.get("b")],
   *   });
   *   return moved.succeeded ? undefined : moved.results[0]?.text();
   * }
   * ```
   */
  txn<const S extends readonly Op[] = [], const F extends readonly Op[] = []>(
    txn: Txn<S, F>,
    options?: CallOptions,
  ): Promise<TxnResult<S, F>>;
}
