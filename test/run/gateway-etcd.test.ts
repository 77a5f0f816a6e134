import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createGateway } from "../../src/gateway/index.ts";
import { createEtcd, type Etcd } from "../../src/index.ts";
import { until } from "../contract/expectations.ts";
import { type EtcdServer, startEtcd } from "../fixtures/etcd.ts";
import { startGrpcProxy } from "../fixtures/grpc-proxy.ts";

/** What a client can be sent to, by how the gateway gets there. */
const ways: Record<string, (etcd: EtcdServer) => Promise<{ readonly address: string } & AsyncDisposable>> = {
  "to etcd": async ({ address }) => ({ address, [Symbol.asyncDispose]: async () => {} }),
  "to etcd's grpc-proxy": startGrpcProxy,
};

for (const [way, open] of Object.entries(ways)) {
  describe(`the gateway ${way}`, () => {
    it("carries a write and the watch that sees it", async () => {
      await using started = await startClient(open);
      const { client, etcd } = started;
      const { revision } = await client.put("a", "1");
      const seen: string[] = [];
      let held = 0;
      for await (const event of client.watch("a", { startRevision: revision })) {
        seen.push(event.type === "put" ? event.kv.text() : event.type);
        if (seen.length === 1) await client.put("a", "2");
        if (seen.length === 2) await client.delete("a");
        held = await etcd.watchers();
        if (seen.length === 3) break;
      }
      assert.deepEqual(seen, ["1", "2", "delete"]);
      // grpc-proxy has watches of its own.
      await until("etcd has let go of the watch", async () => (await etcd.watchers()) === held - 1);
      await until("the gateway holds no call", () => started.gateway.activeRequests === 0);
    });

    it("carries a watch from now on, which waits for the first event", async () => {
      await using started = await startClient(open);
      const { client } = started;
      await using watch = client.watch({ prefix: "b/" });
      const from = await watch.opened;
      const { revision } = await client.put("b/1", "x");
      const events = watch[Symbol.asyncIterator]();
      const { value } = await events.next();
      assert.equal(value?.kv.modRevision, revision);
      assert.equal(from, revision);
    });

    it("carries the signs of life of a lease", async () => {
      await using started = await startClient(open);
      const lease = await started.client.lease({ ttlSeconds: 60, keepAlive: false });
      // Not at once, always: grpc-proxy drops what it could not pass on within 500 ms, until it asks again by itself
      // (`replyToClient` and `keepAliveLoop`, to 3.7).
      const asked = (): Promise<number> => lease.keepAliveOnce({ timeoutMs: 10_000 }).catch(() => 0);
      if (open === startGrpcProxy) await until("a sign of life is answered", async () => (await asked()) === 60);
      else assert.equal(await lease.keepAliveOnce(), 60);
      await lease.revoke();
      await assert.rejects(lease.keepAliveOnce(), { code: "lease-lost" });
      await until("the gateway holds no call", () => started.gateway.activeRequests === 0);
    });

    it("passes errors on by etcd's words", async () => {
      await using started = await startClient(open);
      const { client } = started;
      const { revision } = await client.put("a", "1");
      await assert.rejects(client.get("a", { revision: revision + 1n }), { code: "future-revision" });
      await assert.rejects(client.put("a", new Uint8Array(1.7 * 1024 * 1024)), { code: "too-large" });
      await assert.rejects(client.put("a", new Uint8Array(3 * 1024 * 1024)), { code: "too-large" });
    });
  });
}

describe("the gateway between an etcd and the rest", () => {
  it("goes to the next member when one is gone", async () => {
    await using etcd = await startEtcd("3.7");
    await using gateway = await createGateway({ etcd: [nowhere, etcd.address], policy: "open", port: 0 });
    await using client = createEtcd({ endpoints: gateway.url });
    const header = await client.ready();
    assert.ok(header.revision > 0n);
  });

  it("says in words where it does not reach etcd", async () => {
    await using gateway = await createGateway({ etcd: nowhere, policy: "open", port: 0 });
    await using client = createEtcd({ endpoints: gateway.url });
    const message = /the gateway does not reach etcd at 127\.0\.0\.1:1 \(.*ECONNREFUSED/;
    await assert.rejects(client.get("a"), { code: "unavailable", message });
  });

  it("lets a slow reader hold up no other", async () => {
    await using started = await startClient(async ({ address }) => ({
      address,
      [Symbol.asyncDispose]: async () => {},
    }));
    const { client, gateway } = started;
    const value = new Uint8Array(1024 * 1024);
    for (let i = 0; i < 16; i++) await client.put(`big/${i}`, value);
    const response = await fetch(`${gateway.url}/etcdserverpb.KV/Range`, {
      method: "POST",
      headers: { "content-type": "application/grpc-web+proto" },
      // key "a", range_end "z"
      body: Uint8Array.of(0, 0, 0, 0, 6, 0x0a, 1, 0x61, 0x12, 1, 0x7a),
    });
    const reader = response.body?.getReader();
    await reader?.read(); // and no further
    for (let i = 0; i < 16; i++) await client.put("small", String(i), { timeoutMs: 10_000 });
    await reader?.cancel();
    await until("the gateway holds no call", () => gateway.activeRequests === 0);
  });
});

/** Nobody listens there: the port is not one a user's program would take. */
const nowhere = "127.0.0.1:1";

interface Started extends AsyncDisposable {
  readonly etcd: EtcdServer;
  readonly gateway: Awaited<ReturnType<typeof createGateway>>;
  readonly client: Etcd;
}

async function startClient(
  open: (etcd: EtcdServer) => Promise<{ readonly address: string } & AsyncDisposable>,
): Promise<Started> {
  await using stack = new AsyncDisposableStack();
  const etcd = stack.use(await startEtcd("3.7"));
  const behind = stack.use(await open(etcd));
  const gateway = stack.use(await createGateway({ etcd: behind.address, policy: "open", port: 0 }));
  const client = stack.use(createEtcd({ endpoints: gateway.url }));
  const all = stack.move();
  return { etcd, gateway, client, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
