import type { DeleteRangeRequest, PutRequest, RequestOp, TxnRequest } from "../gen/etcdserverpb/kv_pb.ts";
import type { Caller } from "./access.ts";
import type { LeaseBook } from "./lease-book.ts";

// What each write asks of its caller, in etcd's order: an answer that shows what was there needs the right to read it.

export function requirePut(caller: Caller, leases: LeaseBook, { key, lease, prevKv }: PutRequest): void {
  caller.requireWrite(key);
  caller.requireWriteOf(leases.get(lease));
  if (prevKv) caller.requireRead(key);
}

export function requireDelete(caller: Caller, { key, rangeEnd, prevKv }: DeleteRangeRequest): void {
  caller.requireWrite(key, rangeEnd);
  if (prevKv) caller.requireRead(key, rangeEnd);
}

/** All of it, whichever branch will run. */
export function requireTxn(caller: Caller, leases: LeaseBook, { compare, success, failure }: TxnRequest): void {
  for (const { key, rangeEnd } of compare) caller.requireRead(key, rangeEnd);
  for (const { request } of [...success, ...failure]) requireOp(caller, leases, request);
}

function requireOp(caller: Caller, leases: LeaseBook, op: RequestOp["request"]): void {
  if (op.case === "requestRange") caller.requireRead(op.value.key, op.value.rangeEnd);
  else if (op.case === "requestPut") requirePut(caller, leases, op.value);
  else if (op.case === "requestDeleteRange") requireDelete(caller, op.value);
  else if (op.case === "requestTxn") requireTxn(caller, leases, op.value);
}
