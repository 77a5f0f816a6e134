import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRouterTransport } from "@connectrpc/connect";
import { createGateway } from "../../../src/gateway/index.ts";
import { send, startGateway } from "./fixture.ts";

const evil = { host: "evil.example.com", origin: "http://evil.example.com" };

describe("the health of a gateway", () => {
  it("is that of etcd behind it, without a reason for callers", async () => {
    await using started = await startGateway();
    const { status, text } = await send(started.gateway, { method: "GET", path: "/health" });
    assert.deepEqual([status, JSON.parse(text)], [200, { health: "true" }]);
  });

  it("says no where etcd does not answer, and why to monitors", async () => {
    await using gateway = await createGateway({ memory: silent, port: 0, monitor: { port: 0 } });
    const bare = await send(gateway, { method: "GET", path: "/health" });
    assert.deepEqual([bare.status, JSON.parse(bare.text)], [503, { health: "false" }]);
    const told = await send({ url: gateway.monitorUrl ?? "" }, { method: "GET", path: "/health" });
    assert.equal(told.status, 503);
    assert.match(JSON.parse(told.text).reason, /no handler registered/);
    assert.equal((await gateway.health()).healthy, false);
  });

  it("is asked of etcd once for all who ask within a second", async () => {
    await using started = await startGateway();
    const { gateway, stub } = started;
    await Promise.all(Array.from({ length: 20 }, () => send(gateway, { method: "GET", path: "/health" })));
    assert.ok(stub.calls <= 2, String(stub.calls));
  });
});

describe("the counters of a gateway", () => {
  it("are on the port for monitors, and count what happens on the other", async () => {
    await using started = await startGateway({ monitor: { port: 0 }, policy: { prefixes: ["a"] } });
    const { gateway } = started;
    await send(gateway); // a range of the empty key
    await send(gateway, { headers: { origin: evil.origin } });
    await send(gateway, { headers: { host: evil.host } });
    await send(gateway, { headers: { "content-type": "text/plain" } });
    const { status, text, headers } = await send(
      { url: gateway.monitorUrl ?? "" },
      { method: "GET", path: "/metrics", headers: { host: "192.0.2.7:9379" } },
    );
    assert.equal(status, 200);
    assert.match(String(headers["content-type"]), /^text\/plain/);
    for (const line of [
      'calls_total{service="etcdserverpb.KV",method="Range",code="PermissionDenied"} 1',
      'refusals_total{reason="policy"} 1',
      'refusals_total{reason="origin"} 1',
      'refusals_total{reason="host"} 1',
      'refusals_total{reason="request"} 1',
      'open_calls{service="etcdserverpb.KV",method="Range"} 0',
      "upstream_up 1",
    ]) {
      assert.ok(text.includes(`\netcd_web_gateway_${line}`), `${line} is not in\n${text}`);
    }
    assert.match(text, /received_bytes_total [1-9]/);
    assert.equal(started.stub.calls, 1, "the health, and no refused call");
    assert.match(await gateway.metrics(), /^etcd_web_gateway_calls_total/m);
  });

  it("are not on the port of callers, and not for pages", async () => {
    await using started = await startGateway({ monitor: { port: 0 }, origins: ["https://app.example.com"] });
    const { gateway } = started;
    assert.equal((await send(gateway, { method: "GET", path: "/metrics" })).status, 404);
    for (const path of ["/metrics", "/health"]) {
      for (const headers of [
        { host: evil.host },
        { origin: evil.origin },
        { origin: "https://app.example.com" },
        { "sec-fetch-site": "cross-site" },
      ] as Record<string, string>[]) {
        const { status } = await send({ url: gateway.monitorUrl ?? "" }, { method: "GET", path, headers });
        assert.equal(status, 403, JSON.stringify(headers));
      }
    }
    const health = await send(gateway, { method: "GET", path: "/health", headers: { host: evil.host } });
    assert.equal(health.status, 403);
  });

  it("have no port unless told", async () => {
    await using started = await startGateway();
    assert.equal(started.gateway.monitorUrl, undefined);
  });
});

const silent = { transport: createRouterTransport(() => {}) };
