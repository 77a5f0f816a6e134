import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2 } from "node:http2";
import type { Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { Code } from "@connectrpc/connect";
import type { GatewayLimits } from "../../src/gateway/index.ts";
import { KV, Watch } from "../../src/proto.ts";
import { makeCertificate } from "../fixtures/certificate.ts";
import { eventually } from "../fixtures/eventually.ts";
import { type GatewayProcess, startGatewayProcess } from "../fixtures/gateway/gateway-process.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { openPrefix } from "./hostile-calls.ts";
import { floodWithResets } from "./rapid-reset.ts";
import { bytesOf, frame, framed, openSocket, pathOf, type RawRequest, readOutcome, sendHttp2, sendRaw } from "./raw.ts";
import { startWitness, type Witness } from "./witness.ts";

const mebibyte = 1024 * 1024;
const watchPath = pathOf(Watch.method.watch);
const inside = framed(KV.method.range, { key: Buffer.from("open/a") });
const oneWatch = watches(1);

/** What each gateway bounds. */
const bounds = {
  open: { callsPerClient: 200, connectionsPerClient: 2_000 },
  http2: { callsPerClient: 200 },
  slow: { requestMs: 2_000 },
  slowHttp2: { requestMs: 2_000 },
  connections: { connectionsPerClient: 100 },
  bytes: { receivingBytes: 8 * mebibyte },
  rate: { callsPerSecond: 100 },
  watches: { watchesPerCall: 100 },
  watchesOfAll: { watchesPerCall: 100 },
} satisfies Record<string, GatewayLimits>;

type Name = keyof typeof bounds;

describe("crowds of one client", { timeout: 300_000 }, () => {
  const parts = new AsyncDisposableStack();
  let witness: Witness;
  const gateways = new Map<Name, GatewayProcess>();
  let ca: string;
  const of = (name: Name): GatewayProcess => gateways.get(name) as GatewayProcess;
  const portOf = (name: Name): number => Number(new URL(of(name).url).port);

  before(async () => {
    witness = parts.use(await startWitness());
    const folder = await temporaryFolder("gateway-tls");
    parts.defer(folder.remove);
    const files = await makeCertificate(folder.path);
    const key = await readFile(files.key, "utf8");
    ca = await readFile(files.certificate, "utf8");
    for (const [name, limits] of Object.entries(bounds) as [Name, GatewayLimits][]) {
      const tls = name === "http2" || name === "slowHttp2" ? { cert: ca, key } : undefined;
      const policy = name === "watchesOfAll" ? "open" : { prefixes: [openPrefix] };
      const options = { etcd: witness.etcd.address, policy, limits, tls } as const;
      gateways.set(name, parts.use(await startGatewayProcess(options)));
    }
  });

  after(() => parts.disposeAsync());

  it("hold no more than their share of streams, and cost no memory when they are gone", async () => {
    const before = (await of("open").report()).heapBytes;
    const calls = await startedWatches();
    const request = { path: watchPath, body: oneWatch };
    const sockets = Array.from({ length: 1_000 }, () => ask(portOf("open"), request));
    using stack = new DisposableStack();
    for (const socket of sockets) stack.defer(() => socket.destroy());
    const texts = await Promise.all(sockets.map(firstWords));
    const refused = texts.filter((text) => /grpc-status: 8\r/.test(text) && /callsPerClient/.test(text));
    assert.equal(refused.length, 1_000 - bounds.open.callsPerClient);
    assert.equal(await of("open").activeRequests(), bounds.open.callsPerClient);
    assert.ok((await startedWatches()) - calls <= bounds.open.callsPerClient + 5);
    const each = ((await of("open").report()).heapBytes - before) / bounds.open.callsPerClient;
    assert.ok(each < 160 * 1024, `${each.toFixed(0)} bytes for a stream`);
    stack.dispose();
    await idle();
    const left = (await of("open").report()).heapBytes - before;
    assert.ok(left < 4 * mebibyte, `${left} bytes are left of 1,000 streams`);
  });

  it("hold no more streams on one HTTP/2 connection either", async () => {
    const session = openSession();
    const streams = Array.from({ length: 250 }, () => post(session, watchPath, oneWatch));
    const texts = await Promise.all(streams.map(firstWords));
    assert.equal(texts.filter((text) => /grpc-status: 8\r/.test(text)).length, 250 - bounds.open.callsPerClient);
    session.destroy();
    await idle();
  });

  it("that send their bodies slowly are told so, and make no call", async () => {
    const calls = await witness.started();
    const slow = { headers: { "content-length": "1000" }, body: inside };
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => sendRaw(portOf("slow"), slow)));
    for (const { grpc, text } of outcomes) {
      assert.equal(grpc, Code.ResourceExhausted, text);
      assert.match(decodeURIComponent(text), /requestMs/);
    }
    const session = openSession("slowHttp2");
    const stream = post(session, pathOf(KV.method.range), inside.subarray(0, 3), { end: false });
    assert.match(await wholeAnswer(stream), /grpc-status: 8\r/);
    session.destroy();
    assert.deepEqual(await witness.started(), calls);
  });

  it("that never finish their heads are cut off", async () => {
    const half = Buffer.from("POST / HTTP/1.1\r\nhost: localhost");
    const sockets = Array.from({ length: 50 }, () => openSocket(portOf("slow")));
    for (const socket of sockets) socket.write(half);
    const outcomes = await Promise.all(sockets.map((socket) => readOutcome(socket, 40_000)));
    for (const { http, text } of outcomes) assert.ok(http === 408 || http === 0, text);
  });

  it("have no more than their share of connections, which go on", async () => {
    const sockets = Array.from({ length: 150 }, () => openSocket(portOf("connections")));
    const closed = sockets.map((socket) => once(socket, "close"));
    await Promise.race(closed);
    await eventually("fifty are closed", async () => (alive(sockets).length === 100 ? true : undefined));
    const [one] = alive(sockets);
    assert.ok(one);
    one.write(bytesOf(portOf("connections"), { body: inside }));
    assert.equal((await readOutcome(one)).grpc, 0);
    for (const socket of sockets) socket.destroy();
  });

  it("that send much at a time are refused beyond their share", async () => {
    const port = portOf("bytes");
    const half = {
      headers: { "content-length": String(2 * mebibyte) },
      body: frame(new Uint8Array(mebibyte), { length: 2 * mebibyte - 5 }),
    };
    const sockets = Array.from({ length: 10 }, () => ask(port, half));
    const texts: string[] = [];
    for (const socket of sockets) socket.setEncoding("latin1").once("data", (text: string) => texts.push(text));
    await eventually("eight are refused", async () => (texts.length >= 8 ? true : undefined));
    for (const text of texts) assert.match(decodeURIComponent(text), /receivingBytes/);
    for (const socket of sockets) socket.destroy();
    await idle();
    assert.equal((await sendRaw(port, { body: inside })).grpc, 0, "what they held is free again");
  });

  it("that call too often are refused, and let in again later", async () => {
    const ask = (): Promise<number | undefined> => sendRaw(portOf("rate"), { body: inside }).then(({ grpc }) => grpc);
    const began = performance.now();
    const outcomes = await Promise.all(Array.from({ length: 600 }, ask));
    const seconds = (performance.now() - began) / 1_000;
    const passed = outcomes.filter((grpc) => grpc === 0).length;
    const most = 200 + 100 * seconds;
    assert.ok(passed >= 200 && passed <= most, `${passed} of 600 in ${seconds} s`);
    assert.equal(outcomes.filter((grpc) => grpc === Code.ResourceExhausted).length, 600 - passed);
    await eventually("one is let in", async () => ((await ask()) === 0 ? true : undefined));
  });

  for (const name of ["watches", "watchesOfAll"] as const) {
    const policy = name === "watches" ? "of a prefix" : "that is open";
    it(`have no more watches in one call than are allowed, by a policy ${policy}`, async () => {
      const socket = ask(portOf(name), { path: watchPath, body: watches(5_000) });
      let text = "";
      socket.setEncoding("latin1").on("data", (chunk: string) => (text += chunk));
      const refusals = (): number => text.match(/limits\.watchesPerCall/g)?.length ?? 0;
      await eventually("each is answered", async () => (refusals() === 4_900 ? true : undefined));
      assert.equal(await witness.etcd.watchers(), bounds[name].watchesPerCall);
      socket.destroy();
      await idle();
    });
  }

  it("that open and reset streams without end lose their connection, and the gateway serves on", async () => {
    const opened = await floodWithResets(portOf("http2"), ca);
    assert.ok(opened < 10_000, `${opened} streams until the connection was closed`);
    assert.equal((await sendHttp2(portOf("http2"), ca, {}, inside)).grpc, 0);
    await idle();
  });

  it("are the same over HTTP/2: heads that can be read in two ways", async () => {
    const calls = await witness.started();
    for (const [headers, told] of http2Heads) {
      const { http, text } = await sendHttp2(portOf("http2"), ca, headers, inside);
      assert.ok(told.includes(http), `${JSON.stringify(headers)}: ${http} ${text}`);
    }
    const { grpc } = await sendHttp2(
      portOf("http2"),
      ca,
      {},
      framed(KV.method.range, { key: Buffer.from("secret/a") }),
    );
    assert.equal(grpc, Code.PermissionDenied);
    assert.deepEqual(await witness.started(), calls);
  });

  it("find HTTP/1.1 on the same port", async () => {
    const { request } = await import("node:https");
    const call = request({
      ...{ port: portOf("http2"), host: "localhost", ca, method: "POST", path: pathOf(KV.method.range) },
      headers: { "content-type": "application/grpc-web+proto" },
    });
    call.end(inside);
    const [answer] = await once(call, "response");
    assert.deepEqual([answer.statusCode, answer.httpVersion], [200, "1.1"]);
    call.destroy();
  });

  function openSession(name: "http2" | "slowHttp2" = "http2"): ClientHttp2Session {
    return connectHttp2(`https://localhost:${portOf(name)}`, { ca }).on("error", () => {});
  }

  async function startedWatches(): Promise<number> {
    const rows = Object.entries(await witness.started());
    return rows.filter(([labels]) => /grpc_method="Watch"/.test(labels)).reduce((sum, [, count]) => sum + count, 0);
  }

  async function idle(): Promise<void> {
    for (const [name, { activeRequests }] of gateways) {
      await eventually(`no call of ${name} is open`, async () => ((await activeRequests()) === 0 ? true : undefined));
    }
    await eventually("etcd holds no watch", async () => ((await witness.etcd.watchers()) === 0 ? true : undefined));
  }
});

const friend = "https://friend.example.com";

const http2Heads: readonly (readonly [headers: Record<string, string | string[]>, http: readonly number[]])[] = [
  [{ ":authority": "evil.example.com" }, [403]],
  [{ host: "evil.example.com" }, [400, 403]],
  [{ ":authority": "localhost", host: "evil.example.com" }, [400]],
  [{ origin: "https://evil.example.com" }, [403]],
  [{ origin: `${friend}, https://evil.example.com` }, [403]],
  [{ ":path": "//etcdserverpb.KV/Range" }, [404]],
  [{ ":path": "https://localhost/etcdserverpb.KV/Range" }, [0, 404]],
  [{ ":path": "*" }, [0, 404]],
  [{ ":method": "PUT" }, [405]],
  [{ ":method": "CONNECT" }, [0, 400, 404, 405]],
  [{ "content-type": "application/grpc" }, [415]],
  [{ "content-length": "1" }, [0, 400]],
  [{ token: ["a", "b"] }, [400]],
  [{ "transfer-encoding": "chunked" }, [0, 400]],
  [Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`x-${i}`, "a"])), [0, 431]],
];

function ask(port: number, request: RawRequest): Socket {
  const socket = openSocket(port);
  socket.write(bytesOf(port, request));
  return socket;
}

function alive(sockets: readonly Socket[]): Socket[] {
  return sockets.filter(({ closed }) => !closed);
}

function post(session: ClientHttp2Session, path: string, body: Uint8Array, { end = true } = {}): ClientHttp2Stream {
  const type = { "content-type": "application/grpc-web+proto" };
  const stream = session.request({ ":method": "POST", ":path": path, ...type }).on("error", () => {});
  if (end) stream.end(body);
  else stream.write(body);
  return stream;
}

/** What comes first in a body. HTTP/1.1's head, which is not what is waited for, may come before it. */
async function firstWords(stream: Socket | ClientHttp2Stream): Promise<string> {
  const isWhole = "session" in stream ? /./s : /\r\n\r\n./s;
  let text = "";
  stream.setEncoding("latin1");
  while (!isWhole.test(text)) {
    const [chunk] = await once(stream, "data", { signal: AbortSignal.timeout(60_000) });
    text += chunk;
  }
  return text;
}

async function wholeAnswer(stream: ClientHttp2Stream): Promise<string> {
  let text = "";
  stream.setEncoding("latin1").on("data", (chunk: string) => (text += chunk));
  await once(stream, "close", { signal: AbortSignal.timeout(60_000) });
  return text;
}

/** A call of so many watches of keys that are allowed. */
function watches(count: number): Uint8Array {
  const create = (i: number) => ({
    requestUnion: { case: "createRequest" as const, value: { key: Buffer.from(`open/${i}`), watchId: BigInt(i + 1) } },
  });
  return framed(Watch.method.watch, ...Array.from({ length: count }, (_, i) => create(i)));
}
