import type { ServiceImpl } from "@connectrpc/connect";
import {
  DeleteRangeRequestSchema,
  type KV,
  PutRequestSchema,
  RangeRequestSchema,
  TxnRequestSchema,
} from "../gen/etcdserverpb/kv_pb.ts";
import type { Core } from "./core.ts";
import { range } from "./range.ts";
import { rangeStream } from "./range-stream.ts";
import { checkDelete, checkPut, checkRange, checkTxn } from "./request-check.ts";
import { checkEntry, receive } from "./request-size.ts";
import { isReadOnly, txn } from "./txn.ts";
import { checkOverlap } from "./txn-overlap.ts";
import { checkPutIn, deleteRange, put } from "./writes.ts";

export function kvService(core: Core): ServiceImpl<typeof KV> {
  const { store, leases } = core;
  return {
    range(request) {
      receive(RangeRequestSchema, request, request.key.length + request.rangeEnd.length);
      checkRange(request);
      return core.complete(range(store, request));
    },
    rangeStream: (request) => rangeStream(core, request),
    put(request) {
      const size = receive(PutRequestSchema, request, request.key.length + request.value.length);
      checkPut(request);
      checkEntry(size);
      checkPutIn(store, leases, request);
      return core.complete(store.write((writer) => put(writer, request)));
    },
    deleteRange(request) {
      const size = receive(DeleteRangeRequestSchema, request, request.key.length + request.rangeEnd.length);
      checkDelete(request);
      checkEntry(size);
      return core.complete(store.write((writer) => deleteRange(writer, request)));
    },
    txn(request) {
      const size = receive(TxnRequestSchema, request);
      checkTxn(request);
      checkOverlap(request);
      if (!isReadOnly(request)) checkEntry(size);
      return core.complete(txn(store, leases, request));
    },
    compact({ revision }) {
      store.compact(revision);
      return { header: core.header() };
    },
  };
}
