import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { toKey, toKeyRange } from "../../../src/base/range.ts";
import { Compare_CompareResult, Compare_CompareTarget, KV } from "../../../src/gen/etcdserverpb/kv_pb.ts";
import type { Place } from "../contenders/contender.ts";
import { type Caller, oneByOne } from "./caller.ts";

/** The bare Connect stub on connect-web: what every figure is compared with. */
export function createConnectStub({ envoy }: Place): Caller {
  const kv = createClient(KV, createGrpcWebTransport({ baseUrl: envoy }));
  const get: Caller["get"] = async (key) => (await kv.range({ key: toKey(key) })).kvs[0]?.value;
  return {
    get,
    getAll: oneByOne(get),
    async put(key, value) {
      await kv.put({ key: toKey(key), value });
    },
    async replace(name, value) {
      const key = toKey(name);
      const exists = {
        key,
        target: Compare_CompareTarget.CREATE,
        result: Compare_CompareResult.GREATER,
        targetUnion: { case: "createRevision" as const, value: 0n },
      };
      const put = { request: { case: "requestPut" as const, value: { key, value } } };
      return (await kv.txn({ compare: [exists], success: [put] })).succeeded;
    },
    async *list(prefix) {
      for (const { value } of (await kv.range(toKeyRange({ prefix }))).kvs) yield value;
    },
    close: async () => {},
  };
}
