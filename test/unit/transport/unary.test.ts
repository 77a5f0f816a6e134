import { test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { type CallOptions, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { expect } from "chai";
import { KV, RangeResponseSchema } from "../../../src/proto.ts";
import { createHalfClosedTransport } from "../../../src/transport/grpc-web.ts";
import { frame } from "../support/odd-server.ts";

const answer = frame(0, toBinary(RangeResponseSchema, create(RangeResponseSchema, { count: 7n })));
const ok = frame(0x80, "grpc-status: 0\r\n");
const gone = frame(0x80, "grpc-status: 14\r\ngrpc-message: gone%20away\r\nx-detail: 1\r\n");

interface Body {
  readonly chunks: readonly Uint8Array[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly status?: number;
}

const bodies: Readonly<Record<string, Body>> = {
  "a message and its trailers": { chunks: [answer, ok] },
  "an empty message": { chunks: [frame(0, Buffer.of()), ok] },
  "trailers first": { chunks: [ok, answer] },
  "an error": { chunks: [gone] },
  "an error after a message": { chunks: [answer, gone] },
  "an error in the headers": { chunks: [], headers: { "grpc-status": "14", "grpc-message": "gone" } },
  "status 0 in the headers, nothing else": { chunks: [], headers: { "grpc-status": "0" } },
  "trailers without a status": { chunks: [answer, frame(0x80, "x: y\r\n")] },
  "a status that is no number": { chunks: [answer, frame(0x80, "grpc-status: fine\r\n")] },
  "no message": { chunks: [ok] },
  "no trailers": { chunks: [answer] },
  nothing: { chunks: [] },
  "a part of a head": { chunks: [answer, ok.subarray(0, 3)] },
  "a part of a message": { chunks: [answer.subarray(0, 6)] },
  "what is no message": { chunks: [frame(0, Uint8Array.of(0xff)), ok] },
  "a status of HTTP": { chunks: [], status: 503, headers: { "grpc-message": "no%20upstream" } },
};

for (const [name, body] of Object.entries(bodies)) {
  test(`a call of one answer comes to what connect-web makes of it: ${name}`, async () => {
    const expected = await outcome(createGrpcWebTransport(answering(body)));
    expect(await outcome(createHalfClosedTransport(answering(body)))).to.deep.equal(expected);
  });
}

// Of Traefik's middleware grpcWeb. Connect's own transport loses it: https://github.com/connectrpc/connect-es/issues/1764
test("an error in the headers counts also before trailers that say nothing", async () => {
  const headers = { "grpc-status": "7", "grpc-message": "permission%20denied" };
  const refused = await outcome(createHalfClosedTransport(answering({ chunks: [frame(0x80, "")], headers })), String);
  expect(refused).to.equal("ConnectError: [permission_denied] permission denied");
});

for (const [name, chunks] of Object.entries({
  "a second message": [answer, answer, ok],
  "second trailers": [answer, ok, ok],
  "a compressed message": [frame(1, Buffer.of(1)), ok],
  "flags that nobody knows": [answer, frame(2, Buffer.of()), ok],
})) {
  test(`a call of one answer refuses ${name}`, async () => {
    const refused = await outcome(createHalfClosedTransport(answering({ chunks })));
    expect(String(refused)).to.contain("protocol error: ");
  });
}

test("the request is what connect-web sends", async () => {
  const [theirs, ours] = [createGrpcWebTransport, createHalfClosedTransport].map((make) => {
    const sent: RequestInit[] = [];
    return { sent, transport: make({ ...answering({ chunks: [answer, ok] }, sent), interceptors: [] }) };
  });
  const options: CallOptions = { timeoutMs: 1234, headers: { "x-own": "1" } };
  for (const way of [theirs, ours]) if (way) await createClient(KV, way.transport).range(request, options);
  expect(ours?.sent.map(shown)).to.deep.equal(theirs?.sent.map(shown));
});

test("what breaks a body is the cause of the call's error", async () => {
  const lost = new TypeError("network error");
  const fetch: typeof globalThis.fetch = async () => {
    const body = new ReadableStream({ pull: (to) => to.error(lost) });
    return new Response(body, { headers: { "content-type": "application/grpc-web+proto" } });
  };
  const error = await outcome(createHalfClosedTransport({ baseUrl: "http://nowhere", fetch }), (error) => error.cause);
  expect(error).to.equal(lost);
});

test("a call of one answer ends with its time, and with its signal", async () => {
  const never: typeof fetch = (_, init) =>
    new Promise((_, reject) => {
      init?.signal?.throwIfAborted();
      init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
    });
  const transport = createHalfClosedTransport({ baseUrl: "http://nowhere", fetch: never });
  expect(String(await outcome(transport, undefined, { timeoutMs: 1 }))).to.contain("deadline_exceeded");
  const signal = AbortSignal.abort(new Error("enough"));
  expect(String(await outcome(transport, undefined, { signal }))).to.contain("enough");
});

const request = { key: Buffer.from("a") };

function answering({ chunks, headers = {}, status = 200 }: Body, sent: RequestInit[] = []) {
  const fetch: typeof globalThis.fetch = async (_, init) => {
    sent.push(init ?? {});
    const body = new Blob(chunks as Uint8Array<ArrayBuffer>[]).stream();
    return new Response(body, { status, headers: { "content-type": "application/grpc-web+proto", ...headers } });
  };
  return { baseUrl: "http://nowhere", fetch };
}

async function outcome(
  transport: Transport,
  read = (error: ConnectError): unknown => [String(error), [...error.metadata]],
  options: CallOptions = {},
): Promise<unknown> {
  try {
    return (await createClient(KV, transport).range(request, options)).count;
  } catch (error) {
    return read(ConnectError.from(error));
  }
}

function shown({ method, headers, body }: RequestInit): unknown {
  return { method, headers: [...new Headers(headers)], body: Buffer.from(body as Uint8Array).toString("hex") };
}
