import { Buffer } from "node:buffer";
import type { Place } from "../contenders/contender.ts";
import { type Caller, oneByOne } from "./caller.ts";

/** etcd's own JSON gateway, by fetch, without a proxy: what a page has today. */
export function createJsonGateway({ etcd }: Place): Caller {
  async function call<T>(path: string, body: object): Promise<T> {
    const response = await fetch(`${etcd}/v3/kv/${path}`, { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
  const get: Caller["get"] = async (key) => {
    const { kvs } = await call<{ kvs?: readonly { value: string }[] }>("range", { key: toBase64(key) });
    return kvs?.[0] && Buffer.from(kvs[0].value, "base64");
  };
  return {
    get,
    getAll: oneByOne(get),
    async put(key, value) {
      await call("put", { key: toBase64(key), value: toBase64(value) });
    },
    async replace(name, value) {
      const key = toBase64(name);
      const exists = { key, target: "CREATE", result: "GREATER", create_revision: "0" };
      const put = { request_put: { key, value: toBase64(value) } };
      const body = { compare: [exists], success: [put] };
      return (await call<{ succeeded?: boolean }>("txn", body)).succeeded === true;
    },
    close: async () => {},
  };
}

function toBase64(data: string | Uint8Array): string {
  return Buffer.from(data as string).toString("base64");
}
