import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { diagnose, type FindingCode } from "../../src/doctor/index.ts";

/** A read without a key: an envelope with nothing in it. */
const emptyRequestBytes = 5;

/** What stands before etcd in the world, and answers in its own way. */
const strangers: readonly (readonly [what: string, code: FindingCode, answer: Answer])[] = [
  [
    "a sign-in page elsewhere",
    "redirected",
    (_, out) => out.writeHead(302, { location: "https://login.invalid" }).end(),
  ],
  ["a page for everything", "wrong-path", (_, out) => html(out, 200, "<!doctype html><title>An app</title>")],
  ["a door with a guard", "refused", (_, out) => html(out, 401, "Who are you?")],
  ["a gateway whose upstream is down", "etcd-unreachable", (_, out) => html(out, 502, "<h1>502 Bad Gateway</h1>")],
  ["a server of files", "wrong-path", (_, out) => html(out, 501, "Unsupported method ('POST')")],
  ["an API of somebody else", "not-grpc-web", (_, out) => out.setHeader("content-type", "application/json").end("{}")],
  [
    "a server that does not end what it says where etcd's JSON gateway would answer",
    "not-grpc-web",
    ({ url }, out) =>
      url === "/v3/kv/range" ? out.write("So ") : out.setHeader("content-type", "text/plain").end("Hi"),
  ],
  [
    "a proxy that loses the status of errors",
    "errors-lost",
    (request, out) => grpcWeb(out, isRefused(request) ? "" : ok),
  ],
  [
    "a proxy that makes an outage of every error",
    "errors-changed",
    (request, out) =>
      isRefused(request) ? html(out.setHeader("grpc-status", "14"), 200, "", grpcWebType) : grpcWeb(out, ok),
  ],
];

for (const [what, code, answer] of strangers) {
  test(`the doctor tells ${what}: ${code}`, async () => {
    await using server = await serve(answer);
    const { findings } = await diagnose(server.url, { quietSeconds: 0 });
    const faults = findings.filter(({ level }) => level === "fault");
    // A server that knows but one answer has other faults as well.
    assert.doesNotMatch(faults[0]?.seen ?? "", /[<>\n]/);
    assert.equal(faults[0]?.code, code, JSON.stringify(findings, null, 2));
  });
}

interface Request {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly body: Buffer;
}

type Answer = (request: Request, response: ServerResponse) => unknown;

function isRefused({ url, body }: Request): boolean {
  return url === "/etcdserverpb.KV/Range" && body.length === emptyRequestBytes;
}

const grpcWebType = "application/grpc-web+proto";
const ok = "grpc-status: 0\r\n";

/** An empty message, and the trailers. */
function grpcWeb(response: ServerResponse, trailers: string): void {
  response.setHeader("content-type", grpcWebType);
  if (trailers === "") return void response.end();
  response.end(Buffer.concat([envelope(0, ""), envelope(0x80, trailers)]));
}

function envelope(flags: number, text: string): Buffer {
  const head = Buffer.alloc(emptyRequestBytes);
  head.writeUInt8(flags);
  head.writeUInt32BE(text.length, 1);
  return Buffer.concat([head, Buffer.from(text)]);
}

function html(response: ServerResponse, status: number, text: string, type = "text/html"): void {
  response.writeHead(status, { "content-type": type }).end(text);
}

async function serve(answer: Answer): Promise<AsyncDisposable & { readonly url: string }> {
  const listener = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    answer({ method: incoming.method, url: incoming.url, body: await buffer(incoming) }, response);
  };
  const server = createServer((incoming, response) => void listener(incoming, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, [Symbol.asyncDispose]: stop };
}
