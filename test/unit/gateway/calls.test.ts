import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createGateway } from "../../../src/gateway/index.ts";
import { createEtcd } from "../../../src/index.ts";
import { createMemoryEtcd } from "../../../src/memory/index.ts";
import { Watch, type WatchRequestSchema } from "../../../src/proto.ts";
import { until } from "../../contract/expectations.ts";
import { emptyMessage, rangePath, send, startGateway } from "./fixture.ts";

/** As much as etcd itself takes. */
const mebibyte = 1024 * 1024;

describe("calls through the gateway", () => {
  it("pass on the headers that etcd reads, and no others", async () => {
    await using started = await startGateway();
    const headers = { token: "t", authorization: "a", hasleader: "true", cookie: "secret", "x-other": "o" };
    await send(started.gateway, { headers: { ...headers, "grpc-timeout": "5S" } });
    const seen = started.stub.headers;
    assert.deepEqual([seen.get("token"), seen.get("authorization"), seen.get("hasleader")], ["t", "a", "true"]);
    assert.deepEqual([seen.get("cookie"), seen.get("x-other")], [null, null]);
    const { timeoutMs = 0 } = started.stub;
    assert.ok(timeoutMs > 0 && timeoutMs <= 5_000, `${timeoutMs} ms`);
  });

  it("give back status and words of the other side unchanged", async () => {
    await using started = await startGateway();
    const { status, text } = await send(started.gateway, { path: "/etcdserverpb.KV/Put" });
    assert.equal(status, 200);
    assert.match(text, /grpc-status: 12\r\n/);
  });

  it("hold no more watches each than are allowed, of an etcd in memory too", async () => {
    await using memory = createMemoryEtcd();
    await using gateway = await createGateway({ memory, port: 0, limits: { watchesPerCall: 2 } });
    await using etcd = createEtcd({ endpoints: gateway.url });
    const reasons: string[] = [];
    for await (const answer of createClient(Watch, etcd.transport).watch(watches(3), { timeoutMs: 10_000 })) {
      reasons.push(answer.cancelReason);
      if (reasons.length === 3) break;
    }
    assert.deepEqual(reasons.slice(0, 2), ["", ""]);
    assert.match(reasons[2] ?? "", /ResourceExhausted.*limits\.watchesPerCall/);
  });

  it("take a request as large as etcd's largest", async () => {
    await using started = await startGateway();
    await using client = createEtcd({ endpoints: started.gateway.url });
    await client.range({ key: new Uint8Array(2 * mebibyte - 100) }).catch(() => {});
    assert.equal(started.stub.calls, 1);
  });

  it("refuse a request that is larger, as etcd words it, before it reaches etcd", async () => {
    await using started = await startGateway({ limits: { requestBytes: mebibyte } });
    const frame = new Uint8Array(5 + mebibyte);
    new DataView(frame.buffer).setUint32(1, mebibyte);
    const { status, text } = await send(started.gateway, { body: frame });
    assert.equal(status, 200);
    assert.match(text, /grpc-status: 8\r\n/);
    assert.match(decodeURIComponent(text), /grpc: received message larger than max.*limits\.requestBytes/);
    assert.equal(started.stub.calls, 0);
    // Its connection and the gateway go on.
    assert.equal((await send(started.gateway)).status, 200);
  });

  it("are gRPC-Web alone: a form cannot make one", async () => {
    await using started = await startGateway();
    for (const type of ["text/plain", "application/json", "application/grpc", "application/x-www-form-urlencoded"]) {
      const { status } = await send(started.gateway, { headers: { "content-type": type }, body: emptyMessage });
      assert.equal(status, 415, type);
    }
    assert.equal((await send(started.gateway, { method: "GET" })).status, 405);
    assert.equal(started.stub.calls, 0);
  });

  it("end on the other side when the caller goes away", async () => {
    await using started = await startGateway();
    const { gateway, stub } = started;
    const head = `POST /etcdserverpb.Watch/Watch HTTP/1.1\r\nHost: localhost:${gateway.port}\r\n`;
    const type = "Content-Type: application/grpc-web+proto\r\n";
    const socket = connect(gateway.port, "127.0.0.1");
    socket.write(`${head}${type}Content-Length: 5\r\n\r\n\0\0\0\0\0`);
    await once(socket, "data");
    assert.deepEqual([stub.watching, gateway.activeRequests], [1, 1]);
    socket.destroy();
    await until("the watch has ended", () => stub.watching === 0 && gateway.activeRequests === 0);
  });

  it("are found by their path alone", async () => {
    await using started = await startGateway();
    assert.equal((await send(started.gateway, { path: `${rangePath}?x=1` })).status, 200);
    assert.equal((await send(started.gateway, { path: "/etcdserverpb.KV/Nothing" })).status, 404);
  });
});

describe("a gateway that closes", () => {
  it("ends its streams with a status, and frees the port", async () => {
    await using started = await startGateway();
    const { gateway, stub } = started;
    const watch = fetch(`${gateway.url}/etcdserverpb.Watch/Watch`, {
      method: "POST",
      headers: { "content-type": "application/grpc-web+proto" },
      body: new Uint8Array(5),
    });
    const response = await watch;
    await gateway.close();
    assert.match(await response.text(), /grpc-status: 14\r\n/);
    assert.deepEqual([stub.watching, gateway.activeRequests], [0, 0]);
    await using again = await createGateway({ memory: stubless, port: gateway.port });
    assert.equal(again.port, gateway.port);
  });

  it("does not wait for callers that do not read", async () => {
    await using started = await startGateway();
    const socket = connect(started.gateway.port, "127.0.0.1");
    const gone = new Promise((resolve) => socket.on("error", () => {}).on("close", resolve));
    await once(socket, "connect");
    socket.write(`POST ${rangePath} HTTP/1.1\r\n`); // and never the rest
    await started.gateway.close();
    await gone;
  });

  it("may be closed twice", async () => {
    await using started = await startGateway();
    await Promise.all([started.gateway.close(), started.gateway.close()]);
  });
});

describe("a gateway that cannot start", () => {
  it("says that the port is taken, and which option changes it", async () => {
    await using started = await startGateway();
    const second = createGateway({ memory: stubless, port: started.gateway.port });
    await assert.rejects(second, {
      code: "unavailable",
      message: new RegExp(`port ${started.gateway.port}.*taken.*option port`),
    });
  });

  it("says which option cannot be", async () => {
    for (const [options, message] of [
      [{ port: 70_000 }, /port must be/],
      [{ hosts: ["a b"] }, /hosts holds "a b"/],
      [{ hosts: ["http://a"] }, /hosts holds/],
      [{ assets: "/no/such/folder" }, /assets is/],
      [{ limits: { requestBytes: 0 } }, /limits.requestBytes must be/],
    ] as const) {
      await assert.rejects(createGateway({ memory: stubless, ...options }), { code: "invalid-argument", message });
    }
    await assert.rejects(createGateway({ etcd: [] }), { code: "invalid-argument" });
    await assert.rejects(createGateway({ etcd: "ftp://a" }), { code: "invalid-argument" });
  });
});

async function* watches(count: number): AsyncGenerator<MessageInitShape<typeof WatchRequestSchema>> {
  for (let i = 1; i <= count; i++) {
    yield { requestUnion: { case: "createRequest", value: { key: Uint8Array.of(i), watchId: BigInt(i) } } };
  }
}

/** For gateways that nothing is asked of. */
const stubless = {
  transport: {
    unary: () => Promise.reject(new Error("Nothing is behind this gateway.")),
    stream: () => Promise.reject(new Error("Nothing is behind this gateway.")),
  },
};
