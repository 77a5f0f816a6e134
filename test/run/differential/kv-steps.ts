import fc, { type Arbitrary } from "fast-check";
import { key, lease, revision, seldom, span, value } from "./keys.ts";
import type { CallStep } from "./program.ts";

const limit = fc.oneof({ weight: 3, arbitrary: fc.constant(0n) }, { weight: 2, arbitrary: fc.bigInt(-1n, 5n) });
const bound = fc.oneof({ weight: 6, arbitrary: fc.constant({ revision: 0 }) }, { weight: 1, arbitrary: revision });
const sorting = (last: number): Arbitrary<number> =>
  fc.oneof(
    { weight: 30, arbitrary: fc.integer({ min: 0, max: last }) },
    { weight: 1, arbitrary: fc.constant(last + 1) },
  );

/** Every option of a read. */
const range = fc
  .tuple(
    span,
    fc.record({ limit, revision, sortOrder: sorting(2), sortTarget: sorting(4) }),
    fc.record({ serializable: fc.boolean(), keysOnly: seldom, countOnly: seldom }),
    fc.record({ minModRevision: bound, maxModRevision: bound, minCreateRevision: bound, maxCreateRevision: bound }),
  )
  .map(([where, what, how, bounds]) => ({ ...where, ...what, ...how, ...bounds }));

/** A read that RangeStream takes, mostly. Not with a limit below 0: at one etcd 3.7.3 has gone down. */
const plainRange = fc
  .tuple(
    span,
    fc.record({
      limit: limit.map((each) => (each < 0n ? 0n : each)),
      revision,
      keysOnly: seldom,
      countOnly: seldom,
      sortTarget: seldom.map(Number),
    }),
  )
  .map(([where, how]) => ({ ...where, ...how }));

const put = fc
  .tuple(key, value, lease, seldom, seldom, seldom, seldom)
  .map(([where, what, leaseId, prevKv, ignoreValue, ignoreLease, contradicts]) => ({
    key: where,
    prevKv,
    ignoreValue,
    ignoreLease,
    ...((!ignoreValue || contradicts) && { value: what }),
    ...((!ignoreLease || contradicts) && { lease: leaseId }),
  }));

const deleteRange = fc.tuple(span, fc.boolean()).map(([where, prevKv]) => ({ ...where, prevKv }));

const compare = fc
  .tuple(
    fc.tuple(span, fc.boolean()).map(([where, isRange]) => (isRange ? where : { key: where.key })),
    fc.integer({ min: 0, max: 3 }),
    fc.oneof(
      fc.bigInt(0n, 3n).map((version) => ({ target: 0, targetUnion: { case: "version", value: version } })),
      revision.map((at) => ({ target: 1, targetUnion: { case: "createRevision", value: at } })),
      revision.map((at) => ({ target: 2, targetUnion: { case: "modRevision", value: at } })),
      value.map((bytes) => ({ target: 3, targetUnion: { case: "value", value: bytes } })),
      lease.map((id) => ({ target: 4, targetUnion: { case: "lease", value: id } })),
    ),
  )
  .map(([where, result, against]) => ({
    ...where,
    result: canOrder(against) ? result : result < 2 ? 0 : 3,
    ...against,
  }));

/** Which of two leases has the larger id is a matter of chance: they are only equal or not. */
function canOrder({ target, targetUnion }: { target: number; targetUnion: { value: unknown } }): boolean {
  return target !== 4 || (targetUnion.value as { lease: number }).lease === 0;
}

interface Op {
  readonly request: { readonly case: string; readonly value: object };
}
interface Txn {
  readonly compare: readonly object[];
  readonly success: readonly Op[];
  readonly failure: readonly Op[];
}

/** A range in a transaction asks for an old revision seldom: it fails the whole. */
const innerRange = fc
  .tuple(range, seldom)
  .map(([request, old]) => (old ? request : { ...request, revision: { revision: 0 } }));

const { txn } = fc.letrec<{ txn: Txn; op: Op }>((tie) => ({
  op: fc.oneof(
    { maxDepth: 2, depthIdentifier: "txn" },
    { weight: 3, arbitrary: innerRange.map((each) => toOp("requestRange", each)) },
    { weight: 4, arbitrary: put.map((each) => toOp("requestPut", each)) },
    { weight: 2, arbitrary: deleteRange.map((each) => toOp("requestDeleteRange", each)) },
    { weight: 1, arbitrary: tie("txn").map((each) => toOp("requestTxn", each as Txn)) },
  ),
  txn: fc.record({
    compare: fc.array(compare, { maxLength: 2 }),
    success: fc.array(tie("op"), { maxLength: 3 }),
    failure: fc.array(tie("op"), { maxLength: 3 }),
  }) as Arbitrary<Txn>,
}));

function toOp(name: string, value: object): Op {
  return { request: { case: name, value } };
}

/** A transaction longer than etcd takes. */
const longTxn = fc.constantFrom(127, 128, 129).map((length) => ({
  success: Array.from({ length }, (_, index) => toOp("requestRange", { key: { bytes: `a${index % 3}` } })),
}));

/** etcd 3.7.3 itself panics where a transaction deletes from a key on and then keeps the value of what has gone. */
function withoutPanic(txn: Txn): Txn {
  return deletesFromKey(txn) ? keepingNothing(txn) : txn;
}

function deletesFromKey({ success, failure }: Txn): boolean {
  return [...success, ...failure].some(({ request }) => {
    if (request.case === "requestTxn") return deletesFromKey(request.value as Txn);
    if (request.case !== "requestDeleteRange") return false;
    return (request.value as { rangeEnd: { bytes: string } }).rangeEnd.bytes === "\0";
  });
}

function keepingNothing({ compare, success, failure }: Txn): Txn {
  const mend = ({ request }: Op): Op => {
    if (request.case === "requestTxn") return toOp(request.case, keepingNothing(request.value as Txn));
    if (request.case !== "requestPut") return { request };
    return toOp(request.case, { ...request.value, ignoreValue: false, ignoreLease: false });
  };
  return { compare, success: success.map(mend), failure: failure.map(mend) };
}

const call =
  (name: string) =>
  (request: object): CallStep => ({ call: name, request });

/** Reads, writes and transactions. */
export const kvStep: Arbitrary<CallStep> = fc.oneof(
  { weight: 5, arbitrary: range.map(call("kv.range")) },
  { weight: 2, arbitrary: plainRange.map(call("kv.rangeStream")) },
  { weight: 8, arbitrary: put.map(call("kv.put")) },
  { weight: 3, arbitrary: deleteRange.map(call("kv.deleteRange")) },
  { weight: 6, arbitrary: txn.map(withoutPanic).map(call("kv.txn")) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(longTxn, seldom)
      .filter(([, is]) => is)
      .map(([each]) => call("kv.txn")(each)),
  },
);

/** Forgets history, also where there is none to forget. */
export const compactStep: Arbitrary<CallStep> = fc
  .record({ revision: fc.integer({ min: 0, max: 40 }).map((offset) => ({ revision: offset })), physical: seldom })
  .map(call("kv.compact"));

export const hashStep: Arbitrary<CallStep> = fc.record({ revision }).map(call("maintenance.hashKV"));
