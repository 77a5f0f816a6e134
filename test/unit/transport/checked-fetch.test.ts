import type { ServerResponse } from "node:http";
import { createServer } from "node:net";
import { test } from "node:test";
import { expect } from "chai";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import { createEtcd, type Etcd, type EtcdErrorCode, type EtcdOptions } from "../../../src/index.ts";
import { globalPlatform } from "../../../src/platform/platform.ts";
import { checkedFetch } from "../../../src/transport/checked-fetch.ts";
import { reasonOf, rejection, thrown } from "../../contract/expectations.ts";
import { frame, startOddServer } from "../support/odd-server.ts";

interface Row {
  readonly name: string;
  readonly answer: (response: ServerResponse) => void;
  readonly code: EtcdErrorCode;
  /** The message says what to do. */
  readonly says: string;
  readonly mayHaveRun: boolean;
}

const reset = "upstream connect error or disconnect/reset before headers. reset reason:";
const refusedByMember = `${reset} remote connection failure`;
const lostMember = `${reset} connection termination`;

const rows: readonly Row[] = [
  {
    name: "an HTML page (an app's fallback, a login, a captive portal)",
    answer: (response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html>"),
    code: "not-grpc-web",
    says: "answered 200 with text/html",
    mayHaveRun: false,
  },
  {
    name: "a 404",
    answer: (response) => response.writeHead(404, { "content-type": "text/plain" }).end("404 page not found"),
    code: "not-grpc-web",
    says: "put Envoy or `npx etcd-web` before it",
    mayHaveRun: false,
  },
  {
    name: "a server of files, which takes no POST",
    answer: (response) => response.writeHead(501, { "content-type": "text/html" }).end("Unsupported method ('POST')"),
    code: "not-grpc-web",
    says: "answered 501 with text/html: there is no etcd at this URL",
    mayHaveRun: false,
  },
  {
    name: "a redirect",
    answer: (response) => response.writeHead(308, { location: "https://elsewhere.example/" }).end(),
    code: "not-grpc-web",
    says: "redirects to https://elsewhere.example/: use the final URL",
    mayHaveRun: false,
  },
  {
    name: "a proxy without the gRPC-Web filter",
    answer: (response) => response.writeHead(415, { "content-type": "application/grpc", "grpc-status": "3" }).end(),
    code: "not-grpc-web",
    says: "Add envoy.filters.http.grpc_web before the router",
    mayHaveRun: false,
  },
  {
    name: "a proxy that has lost its patience",
    answer: (response) => response.writeHead(408).end(),
    code: "unavailable",
    says: "has not waited any longer",
    mayHaveRun: true,
  },
  {
    name: "a proxy that takes no body so large",
    answer: (response) => response.writeHead(413, { "content-type": "text/html" }).end("<h1>Too Large</h1>"),
    code: "too-large",
    says: "takes no request as large as this",
    mayHaveRun: false,
  },
  {
    name: "JSON, as etcd's gateway gives",
    answer: (response) => response.writeHead(200, { "content-type": "application/json" }).end("{}"),
    code: "not-grpc-web",
    says: "where a gRPC-Web answer was expected",
    mayHaveRun: false,
  },
  {
    name: "no content type at all",
    answer: (response) => response.writeHead(200).end(),
    code: "not-grpc-web",
    says: "answered 200, where",
    mayHaveRun: false,
  },
  {
    name: "a 401 of the proxy",
    answer: (response) => response.writeHead(401).end(),
    code: "unauthenticated",
    says: "a sign-in of its own",
    mayHaveRun: false,
  },
  {
    name: "a 403 of the proxy",
    answer: (response) => response.writeHead(403).end(),
    code: "permission-denied",
    says: "the proxy refuses this call",
    mayHaveRun: false,
  },
  {
    name: "a 429 of the proxy",
    answer: (response) => response.writeHead(429).end(),
    code: "rate-limited",
    says: "slow down",
    mayHaveRun: false,
  },
  {
    name: "a 524 of Cloudflare, whose origin was too slow",
    answer: (response) => response.writeHead(524, { "content-type": "text/html" }).end("<h1>A timeout occurred"),
    code: "unavailable",
    says: "the proxy does not reach etcd",
    mayHaveRun: true,
  },
  {
    name: "an answer in a content type of nobody's",
    answer: (response) => response.writeHead(200, { "content-type": "application/octet-stream" }).end("?"),
    code: "not-grpc-web",
    says: "where a gRPC-Web answer was expected",
    mayHaveRun: true,
  },
  {
    name: "a 503 of the proxy",
    answer: (response) => response.writeHead(503, { "content-type": "text/html" }).end("<h1>Bad gateway"),
    code: "unavailable",
    says: "the proxy does not reach etcd",
    mayHaveRun: true,
  },
  {
    name: "a 503 of Envoy, which had no connection to send it on",
    answer: (response) =>
      response.writeHead(503, { "content-type": "application/grpc-web+proto", "grpc-message": refusedByMember }).end(),
    code: "unavailable",
    says: "reset reason: remote connection failure",
    mayHaveRun: false,
  },
  {
    name: "a 503 of Envoy, which lost the connection",
    answer: (response) =>
      response.writeHead(503, { "content-type": "application/grpc-web+proto", "grpc-message": lostMember }).end(),
    code: "unavailable",
    says: "reset reason: connection termination",
    mayHaveRun: true,
  },
  {
    name: "a connection that ends before the answer",
    answer: (response) => response.socket?.destroy(),
    code: "unavailable",
    says: "could not be reached",
    mayHaveRun: true,
  },
  {
    name: "an answer that ends in the middle of a message",
    answer: (response) => cut(response, frame(0, "x".repeat(100)).subarray(0, 20)),
    code: "unavailable",
    says: "the connection was lost",
    mayHaveRun: true,
  },
  {
    name: "an answer without trailers",
    answer: (response) => grpcWeb(response, frame(0, "")),
    code: "unavailable",
    says: "missing trailer",
    mayHaveRun: true,
  },
  {
    name: "an error of etcd, in trailers",
    answer: (response) =>
      grpcWeb(response, frame(0x80, "grpc-status: 8\r\ngrpc-message: etcdserver: mvcc: database space exceeded\r\n")),
    code: "no-space",
    says: "Compact and defragment",
    mayHaveRun: true,
  },
  {
    name: "an error of etcd's grpc-proxy, which keeps only the words",
    answer: (response) =>
      grpcWeb(response, frame(0x80, "grpc-status: 2\r\ngrpc-message: etcdserver: permission denied\r\n")),
    code: "permission-denied",
    says: "The user's roles",
    mayHaveRun: false,
  },
];

for (const { name, answer, code, says, mayHaveRun } of rows) {
  test(`${name} is ${code}, and says what to do`, async () => {
    await using server = await startOddServer((response, count) => (count === 1 ? ok(response) : answer(response)));
    await using etcd = hastyEtcd({ endpoints: server.url });
    await etcd.get("a"); // which proves the endpoint
    const write = await rejection(etcd.put("a", "1"), code);
    expect(write.message).to.include(says);
    expect(write.message).to.match(/^KV\.Put: /);
    if (mayHaveRun) expect(server.requests.length).to.equal(2);
    expect(write.mayHaveRun).to.equal(mayHaveRun);
    const sent = server.requests.length;
    const read = await rejection(etcd.get("a"), code);
    expect(read.mayHaveRun).to.equal(false);
    expect(server.requests.length - sent > 1).to.equal(code === "unavailable");
  });
}

test("nobody listening is unavailable, and a write has not run", async () => {
  const endpoints = `http://127.0.0.1:${await freePort()}`;
  await using etcd = hastyEtcd({ endpoints });
  const error = await rejection(etcd.put("a", "1"), "unavailable");
  expect(error.message).to.equal(
    `KV.Put: ${endpoints} could not be reached (ECONNREFUSED). Is the proxy running, and is this its URL?`,
  );
  expect([error.mayHaveRun, error.retryable]).to.deep.equal([false, true]);
});

test("from a page of another origin it is cors-or-network, and names both", async () => {
  const fetch = checkedFetch({
    fetch: () => Promise.reject(new TypeError("Failed to fetch")),
    origin: "https://app.example",
  });
  const error = await rejection(fetch("https://etcd.example/etcdserverpb.KV/Put", {}), "cors-or-network");
  expect(error.message).to.include("https://etcd.example could not be reached from https://app.example");
  expect(error.message).to.include("CORS");
  const sameOrigin = fetch("https://app.example/etcdserverpb.KV/Put", {});
  expect((await rejection(sameOrigin, "unavailable")).mayHaveRun).to.equal(true);
});

test("an aborted fetch keeps its own reason", async () => {
  const fetch = checkedFetch({ fetch: (_, init) => Promise.reject(init?.signal?.reason), origin: undefined });
  const signal = AbortSignal.abort("enough");
  expect(await reasonOf(fetch("https://etcd.example/", { signal }))).to.equal("enough");
});

test("requests carry no header that an ordinary CORS list would refuse, and are not followed elsewhere", async () => {
  const seen: RequestInit[] = [];
  await using etcd = hastyEtcd({
    endpoints: "https://etcd.example",
    headers: { token: "secret" },
    fetch: async (_, init) => {
      seen.push(init ?? {});
      throw new TypeError("Failed to fetch");
    },
  });
  await rejection(etcd.get("a", { headers: { "x-request-id": "7" } }), "unavailable");
  await rejection(etcd.watch("a", { timeoutMs: 1 }).opened, "timeout");
  for (const { redirect, headers } of seen) {
    expect(redirect).to.equal("manual");
    expect([...new Headers(headers).keys()]).to.not.include("user-agent");
  }
  const [read] = seen;
  expect(new Headers(read?.headers).get("token")).to.equal("secret");
  expect(new Headers(read?.headers).get("x-request-id")).to.equal("7");
});

test("an endpoint that cannot be one is invalid-argument, at once", () => {
  const wrong = [
    "localhost:2379",
    "etcd.example",
    "ftp://etcd.example",
    "",
    "https://user@etcd.example",
    "https://etcd.example/?a",
  ];
  for (const endpoints of [...wrong, []]) thrown(() => createEtcd({ endpoints }), "invalid-argument");
  thrown(() => createEtcd({}), "invalid-argument");
});

test("an endpoint may have a path", async () => {
  const urls: string[] = [];
  await using etcd = hastyEtcd({
    endpoints: "https://example.com/etcd/",
    fetch: async (input) => {
      urls.push(String(input));
      throw new TypeError("Failed to fetch");
    },
  });
  await rejection(etcd.get("a"), "unavailable");
  expect(new Set(urls)).to.deep.equal(new Set(["https://example.com/etcd/etcdserverpb.KV/Range"]));
});

test("ready() tries until an endpoint answers, and says what came last when none does", async () => {
  await using server = await startOddServer((response, count) => {
    if (count < 3) response.writeHead(503).end();
    else
      grpcWeb(
        response,
        Buffer.concat([frame(0, Uint8Array.of(0x0a, 0x02, 0x18, 0x07)), frame(0x80, "grpc-status: 0\r\n")]),
      );
  });
  await using etcd = createEtcd({ endpoints: server.url });
  expect((await etcd.ready({ timeoutMs: 60_000 })).revision).to.equal(7n);
  expect(server.requests.length).to.equal(3);
  await using nobody = createEtcd({ endpoints: `http://127.0.0.1:${await freePort()}` });
  const error = await rejection(nobody.ready({ timeoutMs: 300 }), "timeout");
  expect(error.message).to.include("No endpoint answered within 300 ms. Last: ready: ");
});

test("ready() does not try again what cannot become right", async () => {
  await using server = await startOddServer((response) => response.writeHead(404).end());
  await using etcd = createEtcd({ endpoints: server.url });
  await rejection(etcd.ready(), "not-grpc-web");
  expect(server.requests.length).to.equal(1);
});

/** A client that does not wait between its tries. */
function hastyEtcd(options: EtcdOptions): Etcd {
  return createEtcdOn({ ...globalPlatform, random: () => 0 }, options);
}

function ok(response: ServerResponse): void {
  grpcWeb(response, Buffer.concat([frame(0, ""), frame(0x80, "grpc-status: 0\r\n")]));
}

function grpcWeb(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { "content-type": "application/grpc-web+proto" }).end(body);
}

function cut(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { "content-type": "application/grpc-web+proto" });
  response.write(body, () => response.socket?.end(() => response.socket?.destroy()));
}

/** A port that nobody listens on: held for a moment, then let go. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}
