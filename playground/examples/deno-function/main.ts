import { createEtcd } from "etcd-web";
import { createEdgeConfig } from "etcd-web/edge-config";

const etcd = createEtcd({ endpoints: "http://127.0.0.1:8080", timeoutMs: 1_000 });

// Read once for all requests. An answer is never older than ten seconds, unless etcd cannot be reached; from two seconds
// on it is read again behind the answer, which nobody waits for.
const config = createEdgeConfig(
  etcd.namespace("config/"),
  { all: true },
  { maxAgeMs: 2_000, staleWhileRevalidateMs: 8_000, waitUntil: () => {} },
);

export default {
  async fetch(): Promise<Response> {
    if (await config.get<boolean>("closed")) return new Response("Come back tomorrow\n", { status: 503 });
    return new Response(`${(await config.get<string>("greeting")) ?? "Hello"}\n`);
  },
};
