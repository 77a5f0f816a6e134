import type { Key } from "../base/bytes.ts";
import { EtcdError } from "../base/errors.ts";
import type { KeyValue } from "../base/key-value.ts";
import type { Range } from "../base/range.ts";
import type { ResponseOp } from "../gen/etcdserverpb/kv_pb.ts";
import type { CallOptions } from "../transport/caller.ts";
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
import { toDeleteResult, toKeyValues, toPutResult, toRangeResult } from "./results.ts";
import { type Op, type Operation, Transaction, type Txn, type TxnResult } from "./txn.ts";

/** What an operation of a transaction takes: what a call takes, but for what is the call's own. */
export type OpOptions<Options> = Omit<Options, keyof CallOptions | "ifModRevision">;

/**
 * Operations as values, for `txn` and `do`.
 *
 * @example
 * ```ts
 * import { type Etcd, op } from "etcd-web";
 *
 * async function replace(etcd: Etcd): Promise<string | undefined> {
 *   const { results } = await etcd.txn({ success: [op.get("config/theme"), op.put("config/theme", "dark")] });
 *   return results[0]?.text();
 * }
 * ```
 */
export const op: {
  /** The pair of one key, or undefined. */
  get(key: Key, options?: OpOptions<ReadOptions>): Op<KeyValue | undefined>;
  /** The pairs of a range. */
  range(range: Range, options?: OpOptions<RangeOptions>): Op<RangeResult>;
  /** How many keys a range has. */
  count(range: Range, options?: OpOptions<ReadOptions>): Op<number>;
  /** Writes a key. */
  put(key: Key, value: Key, options?: OpOptions<PutOptions>): Op<PutResult>;
  /** Deletes the keys of a range. */
  delete(range: Range, options?: OpOptions<DeleteOptions>): Op<DeleteResult>;
  /** A transaction within a transaction, at the same revision. */
  txn<const S extends readonly Op[] = [], const F extends readonly Op[] = []>(txn: Txn<S, F>): Op<TxnResult<S, F>>;
} = {
  get(key, options = {}) {
    const value = getRequest(key, options);
    return made("range", {
      encode: (prefix) => ({ case: "requestRange", value: prefix.add(value) }),
      decode: (answer, _, prefix) => toKeyValues(expected(answer, "responseRange"), prefix)[0],
    });
  },
  range(range, options = {}) {
    const value = rangeRequest(range, options);
    return made("range", {
      encode: (prefix) => ({ case: "requestRange", value: prefix.add(value) }),
      decode: (answer, header, prefix) => toRangeResult(expected(answer, "responseRange"), header, prefix),
    });
  },
  count(range, options = {}) {
    const value = countRequest(range, options);
    return made("range", {
      encode: (prefix) => ({ case: "requestRange", value: prefix.add(value) }),
      decode: (answer) => Number(expected(answer, "responseRange").count),
    });
  },
  put(key, value, options = {}) {
    const request = putRequest(key, value, options);
    return made("put", {
      encode: (prefix) => ({ case: "requestPut", value: prefix.add(request) }),
      decode: (answer, header, prefix) => toPutResult(expected(answer, "responsePut"), header, prefix),
    });
  },
  delete(range, options = {}) {
    const value = deleteRequest(range, options);
    return made("delete", {
      encode: (prefix) => ({ case: "requestDeleteRange", value: prefix.add(value) }),
      decode: (answer, header, prefix) => toDeleteResult(expected(answer, "responseDeleteRange"), header, prefix),
    });
  },
  txn(txn) {
    const transaction = new Transaction(txn);
    return made("txn", {
      encode: (prefix) => ({ case: "requestTxn", value: transaction.encode(prefix) }),
      decode: (answer, header, prefix) => transaction.decode(expected(answer, "responseTxn"), header, prefix),
    });
  },
};

type Answer = ResponseOp["response"];
type Answered<C extends Answer["case"]> = NonNullable<Extract<Answer, { case: C }>["value"]>;

function made<R>(kind: Op["kind"], operation: Pick<Operation<R>, "encode" | "decode">): Operation<R> {
  return { kind, ...operation };
}

function expected<C extends Answer["case"]>(answer: Answer, expectedCase: C): Answered<C> {
  if (answer.case === expectedCase) return answer.value as Answered<C>;
  throw new EtcdError(
    "internal",
    `A transaction's answer has ${answer.case ?? "nothing"} where ${expectedCase} belongs`,
  );
}
