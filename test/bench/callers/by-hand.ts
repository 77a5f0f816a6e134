import { toKey, toKeyRange } from "../../../src/base/range.ts";
import type { Place } from "../contenders/contender.ts";
import { bytesField, bytesOf, field, fields, frame, join, numberField } from "../proto-by-hand.ts";
import { type Caller, oneByOne } from "./caller.ts";

/**
 * gRPC-Web written out, no library: a request in five lines, and of the answer no more than is asked for. It checks
 * nothing, and shows how much of a call is not the client's.
 */
export function createByHand({ envoy }: Place): Caller {
  async function call(method: string, message: readonly Uint8Array[]): Promise<Uint8Array> {
    const headers = { "content-type": "application/grpc-web+proto", "x-grpc-web": "1" };
    const response = await fetch(`${envoy}/etcdserverpb.KV/${method}`, {
      method: "POST",
      headers,
      body: frame(message),
    });
    const answer = new Uint8Array(await response.arrayBuffer());
    if (!response.ok || answer[0] !== 0) throw new Error(`${method}: ${response.status}`);
    return answer.subarray(5, 5 + new DataView(answer.buffer).getUint32(1));
  }
  const get: Caller["get"] = async (key) => {
    const kv = bytesOf(await call("Range", bytesField(1, toKey(key))), 2);
    return kv && bytesOf(kv, 5);
  };
  return {
    get,
    getAll: oneByOne(get),
    async put(key, value) {
      await call("Put", [...bytesField(1, toKey(key)), ...bytesField(2, value)]);
    },
    async replace(name, value) {
      const key = toKey(name);
      const exists = join([numberField(1, 1), numberField(2, 1), ...bytesField(3, key), numberField(5, 0)]);
      const put = bytesField(2, join([...bytesField(1, key), ...bytesField(2, value)]));
      const answer = await call("Txn", [...bytesField(1, exists), ...bytesField(2, join(put))]);
      return field(answer, 2) !== undefined;
    },
    async *list(prefix) {
      const { key, rangeEnd } = toKeyRange({ prefix });
      const answer = await call("Range", [...bytesField(1, key), ...bytesField(2, rangeEnd)]);
      for (const [number, kv] of fields(answer)) {
        if (number === 2 && typeof kv !== "number") yield bytesOf(kv, 5) ?? new Uint8Array();
      }
    },
    close: async () => {},
  };
}
