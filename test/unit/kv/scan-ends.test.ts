import { test } from "node:test";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport, type ServiceImpl, type Transport } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import { createEtcd, EtcdError, type KeyValue } from "../../../src/index.ts";
import { KV, type RangeRequest, type RangeResponseSchema } from "../../../src/proto.ts";
import { rejection } from "../../contract/expectations.ts";
import { createFakePlatform, settle } from "../support/fake-platform.ts";

const pairs = Array.from({ length: 500 }, (_, i) => ({
  key: new TextEncoder().encode(`k${1000 + i}`),
  modRevision: 1n,
}));

/** A server of 500 pairs whose stream behaves as told. */
function serverWith(rangeStream: ServiceImpl<typeof KV>["rangeStream"]): Transport {
  return createRouterTransport(({ rpc }) => {
    rpc(KV.method.range, pageOf);
    rpc(KV.method.rangeStream, rangeStream);
  });
}

function pageOf({ key, limit }: RangeRequest): MessageInitShape<typeof RangeResponseSchema> {
  const from = new TextDecoder().decode(key);
  const rest = pairs.filter((pair) => new TextDecoder().decode(pair.key) >= from);
  const kvs = rest.slice(0, Number(limit) || rest.length);
  return { header: { revision: 9n }, kvs, more: rest.length > kvs.length, count: 500n };
}

async function count(scanned: AsyncIterable<KeyValue>, each: (seen: number) => unknown = () => {}): Promise<number> {
  let seen = 0;
  for await (const _ of scanned) await each(++seen);
  return seen;
}

const whole = serverWith(async function* () {
  for (let i = 100; i < 500; i += 50) yield { rangeResponse: { kvs: pairs.slice(i, i + 50) } };
});

test("scan() that is aborted or closed over what it has read ahead is no scan that has come to its end", async () => {
  const enough = new AbortController();
  const etcd = createEtcd({ transport: whole });
  const aborted = count(etcd.scan({ prefix: "k" }, { signal: enough.signal }), async (seen) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (seen === 120) enough.abort();
  });
  await rejection(aborted, "aborted");
  const closed = count(etcd.scan({ prefix: "k" }), async (seen) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (seen === 120) await etcd.close();
  });
  await rejection(closed, "closed");
});

test("scan() asks for less where a page is too large, or does not come in time", async () => {
  const asked: bigint[] = [];
  const most = 20n;
  const error = { timeout: Code.DeadlineExceeded, "too-large": Code.ResourceExhausted } as const;
  for (const code of ["timeout", "too-large"] as const) {
    asked.length = 0;
    const transport = createRouterTransport(({ rpc }) => {
      rpc(KV.method.range, ({ key, limit }) => {
        asked.push(limit);
        if (limit > most) throw new ConnectError("grpc: received message larger than max", error[code]);
        const rest = pairs.filter((pair) => new TextDecoder().decode(pair.key) >= new TextDecoder().decode(key));
        return { header: { revision: 9n }, kvs: rest.slice(0, Number(limit)), more: rest.length > limit };
      });
    });
    const etcd = createEtcd({ transport });
    const timeoutMs = code === "timeout" ? 300 : undefined; // what came too late may come in time when asked again
    expect(await count(etcd.scan({ prefix: "k" }, { timeoutMs }))).to.equal(500);
    expect([...new Set(asked)].slice(0, 2)).to.deep.equal([100n, 13n]);
    await rejection(count(etcd.scan({ prefix: "k" }, { pageSize: 100, timeoutMs })), code); // as asked for, or not at all
  }
});

test("scan() over a proxy that does not know RangeStream is in pages", async () => {
  for (const error of [
    new ConnectError("unknown method", Code.Unimplemented),
    ConnectError.from(new EtcdError("not-grpc-web", "answered 404")),
  ]) {
    const server = serverWith(() => {
      throw new Error("Never called");
    });
    const transport: Transport = { ...server, stream: () => Promise.reject(error) };
    expect(await count(createEtcd({ transport }).scan({ prefix: "k" }, { pageSize: 100 }))).to.equal(500);
  }
});

test("scan() whose stream is refused goes on in pages, which are refused as well where the range is", async () => {
  for (const error of [
    new ConnectError("KV/RangeStream is not allowed by the gateway's policy", Code.PermissionDenied),
    new ConnectError("etcdserver: invalid auth token", Code.Unauthenticated),
  ]) {
    let isDenied = false;
    const transport = createRouterTransport(({ rpc }) => {
      rpc(KV.method.range, (request) => {
        const isFirst = request.key.length === 1;
        if (isDenied && !isFirst) throw new ConnectError("etcdserver: permission denied", Code.PermissionDenied);
        return pageOf(request);
      });
      rpc(KV.method.rangeStream, () => {
        throw error;
      });
    });
    const etcd = createEtcd({ transport });
    expect(await count(etcd.scan({ prefix: "k" }))).to.equal(500);
    isDenied = true;
    await rejection(count(etcd.scan({ prefix: "k" })), "permission-denied");
  }
});

for (const streams of [true, false]) {
  test(`a serializable scan() in ${streams ? "a stream" : "pages"} goes on where a member lags behind the first page`, async () => {
    let calls = 0;
    // Every second one goes to a member that has not come to revision 9 yet; a linearizable read waits until it has.
    const lagging = ({ revision, serializable }: RangeRequest): void => {
      const behind = calls++ % 2 === 1 && serializable && revision === 9n;
      if (behind) throw new ConnectError("etcdserver: mvcc: required revision is a future revision", Code.OutOfRange);
    };
    const transport = createRouterTransport(({ rpc }) => {
      rpc(KV.method.range, (request) => {
        lagging(request);
        return pageOf(request);
      });
      if (!streams) return;
      rpc(KV.method.rangeStream, async function* (request) {
        lagging(request);
        yield { rangeResponse: pageOf(request) };
      });
    });
    const etcd = createEtcd({ transport });
    expect(await count(etcd.scan({ prefix: "k" }, { serializable: true }))).to.equal(500);
    const ofTheirOwn = etcd.scan({ prefix: "k" }, { serializable: true, revision: 9n });
    calls = 1;
    await rejection(count(ofTheirOwn), "future-revision");
  });
}

test("scan() whose stream falls silent goes on in pages", async () => {
  const transport = serverWith(async function* (_, { signal }) {
    yield { rangeResponse: { kvs: pairs.slice(100, 150) } };
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
  });
  const etcd = createEtcd({ transport });
  expect(await count(etcd.scan({ prefix: "k" }, { timeoutMs: 300 }))).to.equal(500);
});

test("scan() whose stream falls silent, and comes to its end before what had come is read, reads all of it", async () => {
  const platform = createFakePlatform();
  const late = Promise.withResolvers<void>();
  const transport = serverWith(async function* () {
    yield { rangeResponse: { kvs: pairs.slice(100, 150) } };
    await late.promise;
    yield { rangeResponse: { kvs: pairs.slice(150) } };
  });
  const etcd = createEtcdOn(platform, { transport });
  const seen = count(etcd.scan({ prefix: "k" }, { timeoutMs: 300 }), async (nth) => {
    if (nth !== 101) return;
    await platform.pass(300);
    late.resolve();
    await settle();
  });
  expect(await seen).to.equal(500);
});
