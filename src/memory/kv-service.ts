import type { ServiceImpl } from "@connectrpc/connect";
import {
  DeleteRangeRequestSchema,
  type KV,
  PutRequestSchema,
  TxnRequestSchema,
} from "../gen/etcdserverpb/kv_pb.ts";
import type { Core } from "./core.ts";
import { range } from "./range.ts";
import { rangeStream } from "./range-stream.ts";
import { checkDelete, checkPut, checkRange, checkTxn } from "./request-check.ts";
import { checkSize } from "./request-size.ts";
import { txn } from "./txn.ts";
import { checkOverlap } from "./txn-overlap.ts";
import { checkPutIn, deleteRange, put } from "./writes.ts";

export function kvService(core: Core): ServiceImpl<typeof KV> {
  const { store, leases } = core;
  return {
    range(request) {
      checkRange(request);
      return core.complete(range(store, request));
    },
    rangeStream: (request) => rangeStream(core, request),
    put(request) {
      checkPut(request);
      checkSize(PutRequestSchema, request, request.key.length + request.value.length);
      checkPutIn(store, leases, request);
      return core.complete(store.write((writer) => put(writer, request)));
    },
    deleteRange(request) {
      checkDelete(request);
      checkSize(DeleteRangeRequestSchema, request, request.key.length + request.rangeEnd.length);
      return core.complete(store.write((writer) => deleteRange(writer, request)));
    },
    txn(request) {
      checkTxn(request);
      checkOverlap(request);
      checkSize(TxnRequestSchema, request);
      return core.complete(txn(store, leases, request));
    },
    compact({ revision }) {
      store.compact(revision);
      return { header: core.header() };
    },
  };
}
