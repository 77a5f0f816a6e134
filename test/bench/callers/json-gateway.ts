import { toKeyRange } from "../../../src/base/range.ts";
import { decodeBase64, encodeBase64 } from "../base64.ts";
import type { Place } from "../contenders/contender.ts";
import { type Caller, oneByOne } from "./caller.ts";

/** etcd's own JSON gateway, by fetch: what a page has without a proxy. */
export function createJsonGateway({ etcd }: Pick<Place, "etcd">): Caller {
  async function call<T>(path: string, body: object): Promise<T> {
    const response = await fetch(`${etcd}/v3/kv/${path}`, { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
  const get: Caller["get"] = async (key) => {
    const { kvs } = await call<{ kvs?: readonly { value: string }[] }>("range", { key: encodeBase64(key) });
    return kvs?.[0] && decodeBase64(kvs[0].value);
  };
  return {
    get,
    getAll: oneByOne(get),
    async put(key, value) {
      await call("put", { key: encodeBase64(key), value: encodeBase64(value) });
    },
    async replace(name, value) {
      const key = encodeBase64(name);
      const exists = { key, target: "CREATE", result: "GREATER", create_revision: "0" };
      const put = { request_put: { key, value: encodeBase64(value) } };
      const body = { compare: [exists], success: [put] };
      return (await call<{ succeeded?: boolean }>("txn", body)).succeeded === true;
    },
    async *list(prefix) {
      const { key, rangeEnd } = toKeyRange({ prefix });
      const body = { key: encodeBase64(key), range_end: encodeBase64(rangeEnd) };
      const { kvs = [] } = await call<{ kvs?: readonly { value: string }[] }>("range", body);
      for (const { value } of kvs) yield decodeBase64(value);
    },
    close: async () => {},
  };
}
