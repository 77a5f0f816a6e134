import type { ServiceImpl } from "@connectrpc/connect";
import type { KV } from "../gen/etcdserverpb/kv_pb.ts";
import type { Core } from "./core.ts";
import { KvCalls } from "./kv-calls.ts";
import { rangeStream } from "./range-stream.ts";
import { untilCut } from "./until-cut.ts";

export function kvService(core: Core): ServiceImpl<typeof KV> {
  return {
    range: (request, { requestHeader }) => new KvCalls(core, requestHeader).range(request),
    rangeStream: (request, { requestHeader }) => untilCut(core.era, rangeStream(core, request, requestHeader)),
    put: (request, { requestHeader }) => new KvCalls(core, requestHeader).put(request),
    deleteRange: (request, { requestHeader }) => new KvCalls(core, requestHeader).deleteRange(request),
    txn: (request, { requestHeader }) => new KvCalls(core, requestHeader).txn(request),
    compact(request, { requestHeader }) {
      new KvCalls(core, requestHeader).compact(request);
      return { header: core.header() };
    },
  };
}
