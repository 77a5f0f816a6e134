import { test } from "node:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { type ConnectError, createClient, type Interceptor } from "@connectrpc/connect";
import { expect } from "chai";
import {
  Health,
  Lease,
  LeaseKeepAliveRequestSchema,
  type LeaseKeepAliveResponse,
  LeaseKeepAliveResponseSchema,
} from "../../../src/proto.ts";
import { createHalfClosedTransport } from "../../../src/transport/grpc-web.ts";
import { reasonOf } from "../../contract/expectations.ts";
import { frame, type OddServer, startOddServer } from "../support/odd-server.ts";

const ids = [1n, 2n, 2n ** 62n];
const trailers = frame(0x80, "grpc-status: 0\r\n");
const answer = (ID: bigint): Buffer =>
  frame(0, toBinary(LeaseKeepAliveResponseSchema, create(LeaseKeepAliveResponseSchema, { ID, TTL: 9n })));

test("a bidirectional method sends all its requests, enveloped, as one body, and reads the answers", async () => {
  await using server = await answering(Buffer.concat([...ids.map(answer), trailers]));
  const answers = await keepAlive(server, []);
  expect(answers.map(({ ID, TTL }) => [ID, TTL])).to.deep.equal(ids.map((id) => [id, 9n]));
  expect(idsOf(server)).to.deep.equal(ids);
});

test("interceptors see and may change every request of a bidirectional method", async () => {
  await using server = await answering(trailers);
  const seen: string[] = [];
  const interceptor: Interceptor = (next) => (request) => {
    seen.push(`${request.method.name} ${request.stream}`);
    request.header.set("x-by", "interceptor");
    if (!request.stream) return next(request);
    return next({ ...request, message: addOne(request.message) });
  };
  await keepAlive(server, [interceptor]);
  expect(seen).to.deep.equal(["LeaseKeepAlive true"]);
  expect(idsOf(server)).to.deep.equal(ids.map((id) => id + 1n));
  expect(server.requests[0]?.headers["x-by"]).to.equal("interceptor");
});

test("a message above 4 MiB is not read: the call fails with too-large as soon as its length has come", async () => {
  const head = Buffer.from([0, 0, 0x40, 0, 1]);
  for (const chunks of [[head], [head.subarray(0, 3), head.subarray(3)], [Buffer.concat([head, Buffer.alloc(100)])]]) {
    await using server = await startOddServer((response) => {
      response.writeHead(200, { "content-type": "application/grpc-web+proto" }).write(answer(1n));
      for (const chunk of chunks) response.write(chunk); // and nothing more
    });
    expect((await reasonOf(keepAlive(server, []))) as ConnectError)
      .to.have.property("cause")
      .that.deep.includes({ code: "too-large" });
  }
});

test("a message of 4 MiB is read", async () => {
  const mebibytes = 4 * 1024 * 1024;
  // Field 15, which no version has, of as many bytes as make it 4 MiB.
  const field = Buffer.concat([Buffer.from([0x7a, 0xfb, 0xff, 0xff, 0x01]), Buffer.alloc(mebibytes - 5)]);
  await using server = await answering(Buffer.concat([frame(0, field), answer(2n), trailers]));
  expect((await keepAlive(server, [])).map(({ ID }) => ID)).to.deep.equal([0n, 2n]);
});

test("a server-streaming method is left as it is", async () => {
  await using server = await answering(Buffer.concat([frame(0, Uint8Array.of(0x08, 0x01)), trailers]));
  const health = createClient(Health, createHalfClosedTransport({ baseUrl: server.url, fetch }));
  const states: number[] = [];
  for await (const { status } of health.watch({ service: "a" })) states.push(status);
  expect(states).to.deep.equal([1]);
  expect([...(server.requests[0]?.body ?? [])]).to.deep.equal([0, 0, 0, 0, 3, 0x0a, 1, 0x61]);
});

function answering(body: Buffer): Promise<OddServer> {
  return startOddServer((response) =>
    response.writeHead(200, { "content-type": "application/grpc-web+proto" }).end(body),
  );
}

async function keepAlive(server: OddServer, interceptors: Interceptor[]): Promise<LeaseKeepAliveResponse[]> {
  const leases = createClient(Lease, createHalfClosedTransport({ baseUrl: server.url, fetch, interceptors }));
  const answers: LeaseKeepAliveResponse[] = [];
  for await (const each of leases.leaseKeepAlive(requests())) answers.push(each);
  return answers;
}

async function* requests(): AsyncIterable<{ ID: bigint }> {
  for (const ID of ids) yield { ID };
}

/** Reads the request's body by the gRPC-Web specification: flag 0, four bytes of length, message. */
function idsOf(server: OddServer): bigint[] {
  let body = server.requests[0]?.body ?? Buffer.of();
  const found: bigint[] = [];
  while (body.length > 0) {
    expect(body.readUInt8(0)).to.equal(0);
    const end = 5 + body.readUInt32BE(1);
    found.push(fromBinary(LeaseKeepAliveRequestSchema, body.subarray(5, end)).ID);
    body = body.subarray(end);
  }
  expect(server.requests.length).to.equal(1);
  return found;
}

async function* addOne<T>(messages: AsyncIterable<T>): AsyncIterable<T> {
  for await (const message of messages) {
    const { ID } = message as unknown as { ID: bigint };
    yield { ...message, ID: ID + 1n };
  }
}
