import type { Key } from "../base/bytes.ts";
import { toHeader } from "../base/header.ts";
import { toResult } from "../base/json.ts";
import { type KeyValue, toKeyValue } from "../base/key-value.ts";
import type { Range } from "../base/range.ts";
import { KV, type RangeResponse } from "../gen/etcdserverpb/kv_pb.ts";
import type { Caller } from "../transport/caller.ts";
import type {
  DeleteOptions,
  DeleteResult,
  PutOptions,
  PutResult,
  RangeOptions,
  RangeResult,
  ReadOptions,
} from "./options.ts";
import { countRequest, deleteRequest, getRequest, putRequest, rangeRequest } from "./requests.ts";

/** Keys and values. */
export interface Kv {
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
  /** Deletes the keys of a range; all of them only if that is said: `{ all: true }`. */
  delete(range: Range, options?: DeleteOptions): Promise<DeleteResult>;
}

/** Keys and values over a caller. */
export function createKv(caller: Caller): Kv {
  return {
    async get(key, options = {}) {
      const response = await caller.read(KV.method.range, getRequest(key, options), options);
      return response.kvs[0] && toKeyValue(response.kvs[0]);
    },
    async range(range, options = {}) {
      return toRangeResult(await caller.read(KV.method.range, rangeRequest(range, options), options));
    },
    async count(range, options = {}) {
      const response = await caller.read(KV.method.range, countRequest(range, options), options);
      return Number(response.count);
    },
    async put(key, value, options = {}) {
      const response = await caller.write(KV.method.put, putRequest(key, value, options), options);
      const header = toHeader(response.header);
      const prevKv = response.prevKv && toKeyValue(response.prevKv);
      return toResult({ revision: header.revision, prevKv, header });
    },
    async delete(range, options = {}) {
      const response = await caller.write(KV.method.deleteRange, deleteRequest(range, options), options);
      const header = toHeader(response.header);
      const prevKvs = response.prevKvs.map(toKeyValue);
      return toResult({ deleted: Number(response.deleted), prevKvs, revision: header.revision, header });
    },
  };
}

function toRangeResult(response: RangeResponse): RangeResult {
  const header = toHeader(response.header);
  const kvs = response.kvs.map(toKeyValue);
  return toResult({ kvs, count: Number(response.count), more: response.more, revision: header.revision, header });
}
