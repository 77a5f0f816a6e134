import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { suite, test } from "node:test";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { createEtcd } from "../../src/index.ts";
import { KV } from "../../src/proto.ts";
import { watchBody } from "../bench/streams/raw-streams.ts";
import { until } from "../contract/expectations.ts";
import { startEtcd } from "../fixtures/etcd.ts";
import { startGatewayProcess } from "../fixtures/gateway/gateway-process.ts";

const [mebibyte, writes, writeBytes] = [1024 * 1024, 1_200, 64 * 1024];

suite("a page that does not read", () => {
  test("costs the gateway next to nothing of its backlog, delays nobody, and then reads everything", async () => {
    await using etcd = await startEtcd("3.7");
    await using gateway = await startGatewayProcess({ etcd: etcd.address, policy: "open" });
    await using neighbour = createEtcd({ endpoints: gateway.url });
    const page = await openPage(gateway.url, "busy");
    const before = await gateway.report();

    const kv = createClient(KV, createGrpcTransport({ baseUrl: `http://${etcd.address}` }));
    const key = new TextEncoder().encode("busy");
    await using watch = neighbour.watch("busy");
    await watch.opened;
    let heard = 0;
    const listening = (async () => {
      for await (const _ of watch) if (++heard === writes) break;
    })();
    for (let write = 0; write < writes; write++) await kv.put({ key, value: new Uint8Array(writeBytes) });
    await listening;

    // What is on its way to the neighbour, and garbage, goes; a backlog would stay.
    const held = 4 * mebibyte;
    await until(
      "the gateway holds next to nothing",
      async () => (await gateway.report()).heapBytes - before.heapBytes < held,
    );

    let bytes = 0;
    page.on("data", (chunk: Uint8Array) => {
      bytes += chunk.length;
    });
    await until("it has read everything", () => bytes > writes * writeBytes);
    page.destroy();
    await until("etcd holds one watch", async () => (await etcd.watchers()) <= 1);
  });
});

/** Its system takes what it takes, and then nothing more comes. */
async function openPage(url: string, key: string): Promise<IncomingMessage> {
  const body = watchBody(key);
  const headers = { "content-type": "application/grpc-web+proto", "content-length": body.length };
  const call = request(`${url}/etcdserverpb.Watch/Watch`, { method: "POST", headers });
  call.end(body);
  const [response] = (await once(call, "response")) as [IncomingMessage];
  return response;
}
