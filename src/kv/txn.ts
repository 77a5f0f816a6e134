import type { MessageInitShape } from "@bufbuild/protobuf";
import { describe } from "../base/bytes.ts";
import { EtcdError } from "../base/errors.ts";
import { type ResponseHeader, toHeader } from "../base/header.ts";
import { toResult } from "../base/json.ts";
import type { Prefix } from "../base/prefix.ts";
import type { RequestOpSchema, ResponseOp, TxnRequestSchema, TxnResponse } from "../gen/etcdserverpb/kv_pb.ts";
import { type Compare, type CompareInit, toCompareInit } from "./compare.ts";

/** An operation: a value made by `op`, run by `do` or as part of a transaction. `R` is what it gives. */
export interface Op<R = unknown> {
  /** What it does. */
  readonly kind: "range" | "put" | "delete" | "txn";
  /** For the type alone: never there. */
  readonly result?: R;
}

/** What operations give, in their order. */
export type Results<O extends readonly Op[]> = { readonly [I in keyof O]: O[I] extends Op<infer R> ? R : never };

/**
 * A transaction: when every condition of `compare` holds (none: always), the operations of `success` run, else those of
 * `failure`; all in order, at one revision. Conditions, also those of transactions within, look at what was there
 * before the first operation; reads see what the operations before them wrote. A key can be put only once, and etcd
 * takes 128 operations a list by default.
 */
export interface Txn<S extends readonly Op[], F extends readonly Op[]> {
  /** What must hold. */
  readonly compare?: readonly Compare[] | undefined;
  /** What runs where it does. */
  readonly success?: S | undefined;
  /** What runs where it does not. */
  readonly failure?: F | undefined;
}

/** What a transaction gives: the results of the operations that ran, each typed by its operation. */
export type TxnResult<S extends readonly Op[], F extends readonly Op[]> = {
  /** The revision it made; the store's where it wrote nothing. */
  readonly revision: bigint;
  /** Who answered, and at which revision of the store. */
  readonly header: ResponseHeader;
} & (
  | { readonly succeeded: true; readonly results: Results<S> }
  | { readonly succeeded: false; readonly results: Results<F> }
);

/** An operation in etcd's terms. */
export type OpInit = NonNullable<MessageInitShape<typeof RequestOpSchema>["request"]>;
/** A transaction in etcd's terms. */
export type TxnInit = MessageInitShape<typeof TxnRequestSchema>;

/** What an operation is beneath: it knows its request, and what the answer means. */
export interface Operation<R = unknown> extends Op<R> {
  encode(prefix: Prefix): OpInit;
  decode(response: ResponseOp["response"], header: ResponseHeader, prefix: Prefix): R;
}

/** The operation beneath, or "invalid-argument" where it was not made by `op`. */
export function toOperation<R>(given: Op<R>): Operation<R> {
  if (typeof (given as Partial<Operation<R>> | undefined)?.encode === "function") return given as Operation<R>;
  throw new EtcdError("invalid-argument", `An operation is made by op, such as op.get(key): not ${describe(given)}`);
}

/** A transaction whose operations and conditions have been checked. */
export class Transaction<S extends readonly Op[], F extends readonly Op[]> {
  readonly #compare: readonly Compare[];
  readonly #success: readonly Operation[];
  readonly #failure: readonly Operation[];

  constructor({ compare, success, failure }: Txn<S, F>) {
    this.#compare = listed(compare, "compare");
    this.#success = listed<Op>(success, "success").map(toOperation);
    this.#failure = listed<Op>(failure, "failure").map(toOperation);
  }

  encode(prefix: Prefix): TxnInit {
    const compare = this.#compare.map((condition) => toCompareInit(condition, prefix));
    const encoded = (operation: Operation): { request: OpInit } => ({ request: operation.encode(prefix) });
    const success = this.#success.map(encoded);
    const failure = this.#failure.map(encoded);
    if (success.length + failure.length === 0) return { compare, ...present(compare) };
    return { compare, success, failure };
  }

  decode(response: TxnResponse, header: ResponseHeader, prefix: Prefix): TxnResult<S, F> {
    const ran = response.succeeded ? this.#success : this.#failure;
    const results = ran.map((operation, i) => {
      const answer = response.responses[i]?.response ?? { case: undefined };
      return operation.decode(answer, within(answer, header), prefix);
    });
    return toResult({ revision: header.revision, header, succeeded: response.succeeded, results }) as TxnResult<S, F>;
  }
}

/** Whether a transaction changes nothing, however it goes. */
export function isReadOnly({ success = [], failure = [] }: TxnInit): boolean {
  return [...success, ...failure].every(({ request }) => {
    if (request?.case === "requestTxn") return isReadOnly(request.value);
    return request?.case === "requestRange";
  });
}

function listed<T>(list: readonly T[] | undefined, name: string): readonly T[] {
  if (list === undefined) return [];
  if (Array.isArray(list)) return [...list];
  throw new EtcdError("invalid-argument", `${name} of a transaction must be an array, not ${describe(list)}`);
}

// etcd decides a transaction without operations on the data of the member that was asked, however old they are. A read
// makes it wait for the present ones.
function present([condition]: readonly CompareInit[]): Pick<TxnInit, "success"> {
  if (condition?.key === undefined) return {};
  return { success: [{ request: { case: "requestRange", value: { key: condition.key, countOnly: true } } }] };
}

// Of an answer within a transaction, the server fills in the revision alone.
function within(answer: ResponseOp["response"], header: ResponseHeader): ResponseHeader {
  const { revision } = toHeader(answer.value?.header);
  return revision === 0n || revision === header.revision ? header : toResult({ ...header, revision });
}
