import type { ResponseHeader } from "../gen/etcdserverpb/header_pb.ts";
import {
  type CompactionRequest,
  type DeleteRangeRequest,
  DeleteRangeRequestSchema,
  type DeleteRangeResponse,
  type PutRequest,
  PutRequestSchema,
  type PutResponse,
  type RangeRequest,
  RangeRequestSchema,
  type RangeResponse,
  type TxnRequest,
  TxnRequestSchema,
  type TxnResponse,
} from "../gen/etcdserverpb/kv_pb.ts";
import type { Caller } from "./access.ts";
import type { Core } from "./core.ts";
import { requireDelete, requirePut, requireTxn } from "./kv-access.ts";
import { range } from "./range.ts";
import { checkDelete, checkPut, checkRange, checkTxn } from "./request-check.ts";
import { checkEntry, receive } from "./request-size.ts";
import { isReadOnly, putsSomething, txn } from "./txn.ts";
import { checkOverlap } from "./txn-overlap.ts";
import { checkPutIn, deleteRange, put } from "./writes.ts";

type Answer<Response> = Response & { readonly header: ResponseHeader };

/** etcd's KV calls as one caller makes them, each checked in etcd's order: its form, the token, its size, the right. */
export class KvCalls {
  readonly #core: Core;
  readonly #headers: Headers;
  readonly #measure: typeof receive;

  /** @param measure the size of a request, refused where it could not have come in */
  constructor(core: Core, headers: Headers, measure: typeof receive = receive) {
    this.#core = core;
    this.#headers = headers;
    this.#measure = measure;
  }

  range(request: RangeRequest): Answer<RangeResponse> {
    this.#measure(RangeRequestSchema, request, request.key.length + request.rangeEnd.length);
    checkRange(request);
    this.#caller().requireRead(request.key, request.rangeEnd);
    return this.#core.complete(range(this.#core.store, request));
  }

  put(request: PutRequest): Answer<PutResponse> {
    const { store, leases, alarms } = this.#core;
    const size = this.#measure(PutRequestSchema, request, request.key.length + request.value.length);
    checkPut(request);
    const caller = this.#caller();
    checkEntry(size);
    alarms.checkGrowth();
    requirePut(caller, leases, request);
    checkPutIn(store, leases, request);
    return this.#core.complete(store.write((writer) => put(writer, request)));
  }

  deleteRange(request: DeleteRangeRequest): Answer<DeleteRangeResponse> {
    const size = this.#measure(DeleteRangeRequestSchema, request, request.key.length + request.rangeEnd.length);
    checkDelete(request);
    const caller = this.#caller();
    checkEntry(size);
    this.#core.alarms.checkWrite();
    requireDelete(caller, request);
    return this.#core.complete(this.#core.store.write((writer) => deleteRange(writer, request)));
  }

  txn(request: TxnRequest): Answer<TxnResponse> {
    const { store, leases, alarms } = this.#core;
    const size = this.#measure(TxnRequestSchema, request);
    checkTxn(request);
    checkOverlap(request);
    const caller = this.#caller();
    if (!isReadOnly(request)) {
      checkEntry(size);
      if (putsSomething(request)) alarms.checkGrowth();
      else alarms.checkWrite();
    }
    requireTxn(caller, leases, request);
    return this.#core.complete(txn(store, leases, request));
  }

  compact({ revision }: CompactionRequest): void {
    this.#caller().requireRoot();
    this.#core.alarms.checkWrite();
    this.#core.store.compact(revision);
  }

  #caller(): Caller {
    return this.#core.access.caller(this.#headers);
  }
}
