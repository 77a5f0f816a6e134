import { test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { Code, type ConnectError, createClient } from "@connectrpc/connect";
import { createAsyncIterable } from "@connectrpc/connect/protocol";
import { expect } from "chai";
import { Lease, LeaseKeepAliveResponseSchema } from "../../../src/proto.ts";
import { createHalfClosedTransport } from "../../../src/transport/grpc-web.ts";
import { reasonOf } from "../../contract/expectations.ts";
import { frame } from "../support/odd-server.ts";

const answer = frame(0, toBinary(LeaseKeepAliveResponseSchema, create(LeaseKeepAliveResponseSchema, { ID: 7n })));
const ok = frame(0x80, "grpc-status: 0\r\n");

const endings: readonly [name: string, rest: Buffer, code: Code | undefined, text: string][] = [
  ["trailers that say so", ok, undefined, ""],
  ["a status that is none", frame(0x80, "grpc-status: 14\r\ngrpc-message: gone\r\n"), Code.Unavailable, "gone"],
  ["no trailers", Buffer.of(), Code.Unknown, "missing trailer"],
  ["a part of a frame", answer.subarray(0, 3), Code.InvalidArgument, "protocol error: incomplete envelope"],
  ["a part of a message", answer.subarray(0, 6), Code.InvalidArgument, "protocol error: incomplete envelope"],
  ["a message after the trailers", Buffer.concat([ok, answer]), Code.Unknown, "extra message"],
  ["other trailers after the trailers", Buffer.concat([ok, ok]), Code.Unknown, "extra trailer"],
  ["what is no message", frame(0, Uint8Array.of(0xff)), Code.Internal, "parse binary: "],
];

for (const [name, rest, code, text] of endings) {
  test(`the answers of a half-closed stream end as Connect has it: ${name}`, async () => {
    const { got, error } = await read(() => [answer, answer, rest].filter(({ length }) => length > 0));
    expect(got).to.deep.equal([7n, 7n]);
    if (code === undefined) expect(error).to.equal(undefined);
    else expect([error?.code, error?.rawMessage.startsWith(text)], String(error)).to.deep.equal([code, true]);
  });
}

test("an error of the body reaches the reader of a half-closed stream as its cause, after what came before", async () => {
  const lost = new TypeError("network error");
  const { got, error } = await read(function* () {
    yield answer;
    throw lost;
  });
  expect(got).to.deep.equal([7n]);
  expect(error?.cause).to.equal(lost);
});

test("a half-closed stream that is aborted rejects the read that waits, with the signal's reason", async () => {
  const stop = new AbortController();
  const answers = keepAlive(() => new ReadableStream({ start: (to) => to.enqueue(answer) }), stop.signal);
  const iterator = answers[Symbol.asyncIterator]();
  expect((await iterator.next()).value?.ID).to.equal(7n);
  const next = reasonOf(iterator.next());
  stop.abort(new Error("enough"));
  expect(String(await next)).to.contain("enough");
});

async function read(chunks: () => Iterable<Buffer>): Promise<{ got: bigint[]; error: ConnectError | undefined }> {
  const got: bigint[] = [];
  try {
    for await (const { ID } of keepAlive(() => streamOf(chunks()))) got.push(ID);
    return { got, error: undefined };
  } catch (error) {
    return { got, error: error as ConnectError };
  }
}

function keepAlive(body: () => ReadableStream, signal?: AbortSignal) {
  const answering: typeof fetch = async (_, init) => {
    const stream = body().pipeThrough(new TransformStream(), init?.signal ? { signal: init.signal } : {});
    return new Response(stream, { headers: { "content-type": "application/grpc-web+proto" } });
  };
  const leases = createClient(Lease, createHalfClosedTransport({ baseUrl: "http://nowhere", fetch: answering }));
  return leases.leaseKeepAlive(createAsyncIterable([{ ID: 7n }]), signal ? { signal } : {});
}

function streamOf(chunks: Iterable<Buffer>): ReadableStream {
  const iterator = chunks[Symbol.iterator]();
  return new ReadableStream({
    pull(to) {
      const { done, value } = iterator.next();
      if (done) to.close();
      else to.enqueue(value);
    },
  });
}
