import {
  type DeleteRangeRequest,
  RangeRequest_SortOrder as Order,
  type PutRequest,
  type RangeRequest,
  type RequestOp,
  RangeRequest_SortTarget as Target,
  type TxnRequest,
} from "../gen/etcdserverpb/kv_pb.ts";
import { errors } from "./errors.ts";

// What etcd checks before a request reaches the store (api/v3rpc/key.go), in its order.

/** `--max-txn-ops`, as etcd sets it. */
const maxTxnOps = 128;

const orders = new Set<number>(Object.values(Order));
const targets = new Set<number>(Object.values(Target));

export function checkRange(request: RangeRequest): void {
  if (request.key.length === 0) throw errors.emptyKey();
  if (!orders.has(request.sortOrder) || !targets.has(request.sortTarget)) throw errors.invalidSortOption();
}

export function checkPut(request: PutRequest): void {
  if (request.key.length === 0) throw errors.emptyKey();
  if (request.ignoreValue && request.value.length > 0) throw errors.valueProvided();
  if (request.ignoreLease && request.lease !== 0n) throw errors.leaseProvided();
}

export function checkDelete(request: DeleteRangeRequest): void {
  if (request.key.length === 0) throw errors.emptyKey();
}

/** Each list at most `max` long; a transaction inside one has what the outer leaves. */
export function checkTxn(request: TxnRequest, max: number = maxTxnOps): void {
  const longest = Math.max(request.compare.length, request.success.length, request.failure.length);
  if (longest > max) throw errors.tooManyOps();
  for (const { key } of request.compare) if (key.length === 0) throw errors.emptyKey();
  for (const { request: op } of [...request.success, ...request.failure]) checkOp(op, max - longest);
}

function checkOp(op: RequestOp["request"], max: number): void {
  if (op.case === "requestRange") checkRange(op.value);
  else if (op.case === "requestPut") checkPut(op.value);
  else if (op.case === "requestDeleteRange") checkDelete(op.value);
  else if (op.case === "requestTxn") checkTxn(op.value, max);
  else throw errors.keyNotFound();
}
