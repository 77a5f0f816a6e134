import { KV } from "../../src/proto.ts";
import type { Hostile } from "./hostile-calls.ts";
import { framed, type RawRequest } from "./raw.ts";

/** A call that would pass, but for its head. */
const body = framed(KV.method.range, { key: Buffer.from("open/a") });
const call = "POST /etcdserverpb.KV/Range HTTP/1.1";
const type = "content-type: application/grpc-web+proto";
const length = `content-length: ${body.length}`;
const host = "host: localhost:PORT";
const close = "connection: close";

/** The origin whose pages may call. */
export const friend = "https://app.example.com";

/** Requests that say who they are for, or what, in ways that others may read otherwise. */
export function hostileHeads(): Hostile[] {
  return [
    ...types.map((each) => row(`content type ${each}`, [415], { headers: { "content-type": each } })),
    row("no content type", [415], { headers: { "content-type": null } }),
    ...["GET", "PUT", "DELETE", "PATCH", "TRACE"].map((method) => row(`method ${method}`, [405, 415], { method })),
    row("method CONNECT", [0, 400, 403, 404, 405], { head: ["CONNECT localhost:2379 HTTP/1.1", host] }),
    row("a method that is none", [400], { method: "POSTS!" }),

    ...paths.map((path) => row(`path ${path}`, [400, 403, 404], { path })),

    row("a foreign host", [403], { headers: { host: "evil.example.com" } }),
    row("a host that begins like ours", [403], { headers: { host: "localhost.evil.example.com:PORT" } }),
    row("a host with a user", [403], { headers: { host: "localhost:PORT@evil.example.com" } }),
    row("no host", [400, 403], { headers: { host: null } }),
    row("two hosts", [400], { head: [call, "host: evil.example.com", host, type, length, close] }),
    row("two hosts, ours first", [400], { head: [call, host, "host: evil.example.com", type, length, close] }),
    row("a foreign origin", [403], { headers: { origin: "https://evil.example.com" } }),
    row("an origin that begins like the friend's", [403], { headers: { origin: `${friend}.evil.example.com` } }),
    row("the friend's origin without TLS", [403], { headers: { origin: "http://app.example.com" } }),
    row("the origin null", [403], { headers: { origin: "null" } }),
    row("two origins", [400], { headers: { origin: friend }, lines: ["origin: https://evil.example.com"] }),
    row("two origins in one", [403], { headers: { origin: `${friend}, https://evil.example.com` } }),
    row("another site that hides its origin", [403], { headers: { "sec-fetch-site": "cross-site" } }),
    row("a link of another site", [403], {
      headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
    }),
    row("a stranger's preflight", [403], {
      method: "OPTIONS",
      headers: { origin: "https://evil.example.com", "access-control-request-method": "POST" },
    }),

    row("two tokens", [400], { lines: ["token: a", "token: b"] }),
    row("two authorizations", [400], { lines: ["authorization: a", "Authorization: b"] }),
    row("two content types", [400], { lines: ["content-type: application/grpc-web+proto"] }),
    row("two lengths", [400], { lines: ["content-length: 3"] }),
    row("a length and pieces", [400], { lines: ["transfer-encoding: chunked"] }),
    row("pieces of a kind that is none", [400], {
      head: [call, host, type, "transfer-encoding: xchunked", close],
    }),
    row("a length that is none", [400], { headers: { "content-length": "+5" } }),
    row("a line that goes on", [400], { lines: ["token: a", " b"] }),
    row("a name with a space", [400], { lines: ["token : a"] }),
    row("a value with a zero byte", [400], { lines: ["token: a\u0000b"] }),
    row("a line feed alone", [400], { lines: ["x: a\ntoken: b"] }),
    row("a line that is no header", [400], { lines: ["token"] }),
    row("headers beyond measure", [431], {
      lines: Array.from({ length: 40 }, (_, i) => `x-${i}: ${"a".repeat(1_000)}`),
    }),
    row("no HTTP at all", [400], { head: ["\u0016\u0003\u0001\u0002\u0000"] }),
    row("HTTP/2 without TLS", [0, 400], { head: ["PRI * HTTP/2.0\r\n\r\nSM"] }),
    row("an expectation that nobody meets", [417], { headers: { expect: "200-ok" } }),
  ];
}

const types = [
  "text/plain",
  "application/json",
  "application/proto",
  "application/connect+proto",
  "application/grpc",
  "application/grpc+proto",
  "application/grpc-web-text",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/grpc-web+proto, text/plain",
];

const paths = [
  "/etcdserverpb.KV/Range/",
  "//etcdserverpb.KV/Range",
  "/./etcdserverpb.KV/Range",
  "/x/../etcdserverpb.KV/Range",
  "/etcdserverpb.KV%2FRange",
  "/etcdserverpb.KV/%52ange",
  "/etcdserverpb.KV/range",
  "/etcdserverpb.kv/Range",
  "/etcdserverpb.KV/Range\\",
  "/etcdserverpb.KV/Range;x=1",
  "/v3/kv/range",
  "/metrics",
  "http://evil.example.com/etcdserverpb.KV/Range",
  "http://localhost:2379/etcdserverpb.KV/Range",
  "etcdserverpb.KV/Range",
  "*",
  "/__proto__",
];

function row(what: string, http: readonly number[], request: RawRequest): Hostile {
  return { what, request: request.head === undefined ? { body, ...request } : { body, ...request }, told: { http } };
}
