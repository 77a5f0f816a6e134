import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, type IncomingHttpHeaders } from "node:http2";
import { buffer } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { cors } from "../../src/transport/cors.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { type EtcdServer, startEtcd } from "../fixtures/etcd.ts";

const origin = "http://localhost:5173";
const method = "/etcdserverpb.Maintenance/Status";
const headers = { "content-type": "application/grpc-web+proto", "x-grpc-web": "1", origin };
const emptyMessage = new Uint8Array(5);

describe("etcd behind Envoy", () => {
  let etcd: EtcdServer;
  let plain: EnvoyProxy;
  let secure: EnvoyProxy;

  before(async () => {
    etcd = await startEtcd("3.7");
    [plain, secure] = await Promise.all([
      startEnvoy({ etcd: [etcd.address] }),
      startEnvoy({ etcd: [etcd.address], tls: true }),
    ]);
  });

  after(async () => {
    await Promise.all([plain?.stop(), secure?.stop()]);
    await etcd?.stop();
  });

  it("answers gRPC-Web over plain HTTP/1.1", async () => {
    const response = await fetch(plain.url + method, { method: "POST", headers, body: emptyMessage });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "application/grpc-web+proto");
    assert.match(trailers(await response.bytes()), /grpc-status: ?0\r\n/);
  });

  it("answers gRPC-Web over TLS and HTTP/2", async () => {
    const { status, headers: got, body } = await postOverHttp2(secure);
    assert.equal(status, 200);
    assert.equal(got["content-type"], "application/grpc-web+proto");
    assert.match(trailers(body), /grpc-status: ?0\r\n/);
  });

  it("answers a preflight for every header the client may send", async () => {
    const response = await preflight(plain.url, origin);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("access-control-allow-origin"), origin);
    assert.equal(response.headers.get("access-control-allow-headers"), cors.allowedHeaders.join(","));
  });

  it("gives another origin no permission", async () => {
    const response = await preflight(plain.url, "https://elsewhere.example.com");
    assert.equal(response.headers.get("access-control-allow-origin"), null);
  });

  it("keeps etcd's HTTP side inside", async () => {
    for (const path of ["/metrics", "/v3/kv/range", "/version"]) {
      assert.equal((await fetch(plain.url + path)).status, 404);
    }
  });

  it("counts no watch and no request when all is quiet", async () => {
    assert.equal(await etcd.watchers(), 0);
    assert.equal(await plain.activeRequests(), 0);
    assert.equal(await secure.activeRequests(), 0);
  });

  it("counts a watch and its request while they last", async () => {
    const abort = new AbortController();
    const create = Uint8Array.of(0, 0, 0, 0, 5, 0x0a, 3, 0x0a, 1, 0x6b); // a WatchRequest: create { key: "k" }
    const request = { method: "POST", headers, body: create, signal: abort.signal };
    const response = await fetch(`${plain.url}/etcdserverpb.Watch/Watch`, request);
    await response.body?.getReader().read();
    assert.equal(await etcd.watchers(), 1);
    assert.equal(await plain.activeRequests(), 1);
    abort.abort();
    await becomesZero(etcd.watchers);
    await becomesZero(plain.activeRequests);
  });
});

function preflight(url: string, from: string): Promise<Response> {
  const asked = {
    origin: from,
    "access-control-request-method": "POST",
    "access-control-request-headers": cors.allowedHeaders.join(","),
  };
  return fetch(url + method, { method: "OPTIONS", headers: asked });
}

async function postOverHttp2({
  url,
  caCert = "",
}: EnvoyProxy): Promise<{ status?: number; headers: IncomingHttpHeaders; body: Buffer }> {
  const session = connect(url, { ca: await readFile(caCert) });
  try {
    const stream = session.request({ ":method": "POST", ":path": method, ...headers });
    stream.end(emptyMessage);
    const [response] = (await once(stream, "response")) as [IncomingHttpHeaders & { ":status"?: number }];
    const body = await buffer(stream);
    return { status: response[":status"] ?? 0, headers: response, body };
  } finally {
    session.close();
  }
}

/** The text of the trailer frame, which comes after the one message. */
function trailers(body: Uint8Array): string {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const start = 5 + view.getUint32(1);
  assert.equal(view.getUint8(start), 0x80);
  return new TextDecoder().decode(body.subarray(start + 5));
}

async function becomesZero(count: () => Promise<number>): Promise<void> {
  const deadline = Date.now() + 5_000;
  while ((await count()) !== 0) {
    assert.ok(Date.now() < deadline, "still counted after 5 s");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
