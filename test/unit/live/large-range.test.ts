import { test } from "node:test";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import { KV, type RangeResponse } from "../../../src/gen/etcdserverpb/kv_pb.ts";
import type { Etcd } from "../../../src/index.ts";
import { createView, sync } from "../../../src/live/index.ts";
import { rejection } from "../../contract/expectations.ts";
import { liveScene } from "../support/live-scene.ts";
import { silence } from "../support/stalling-transport.ts";

const range = { prefix: "config/" } as const;
const keys = 400;
const mebibyte = 2 ** 20;

type Way = "refuses what is too large" | "is too slow for what is too large";
const ways: readonly Way[] = ["refuses what is too large", "is too slow for what is too large"];

/** Answers above `most` bytes of values do not get through. */
function narrow(inner: Transport, way: Way, most: number): Transport {
  return {
    stream: inner.stream.bind(inner),
    async unary(method, signal, ...rest) {
      const answer = await inner.unary(method, signal, ...rest);
      if (method.name !== KV.method.range.name) return answer;
      const { kvs } = answer.message as unknown as RangeResponse;
      if (kvs.reduce((sum, { value }) => sum + value.length, 0) <= most) return answer;
      if (way === "refuses what is too large")
        throw new ConnectError("grpc: received message larger than max", Code.ResourceExhausted);
      return await silence(signal);
    },
  };
}

/** A client of an etcd with four megabytes in many keys. */
async function narrowScene(way: Way, most: number): Promise<ReturnType<typeof liveScene> & { readonly reader: Etcd }> {
  const scene = liveScene();
  const { platform, memory, etcd } = scene;
  for (let i = 0; i < keys; i++) await etcd.put(`config/${String(i).padStart(4, "0")}`, "x".repeat(10_000));
  return { ...scene, reader: createEtcdOn(platform, { transport: narrow(memory.transport, way, most) }) };
}

for (const way of ways) {
  test(`sync() and a view get a large range by a way that ${way}`, async () => {
    const { platform, reader } = await narrowScene(way, 3 * mebibyte);
    const reading = sync(reader, range)[Symbol.asyncIterator]();
    const view = createView(reader, range);
    const both = Promise.all([reading.next(), view.ready()]);
    for (let i = 0; i < 12; i++) await platform.pass(1_000);
    const [{ value }, { values }] = await both;
    expect([value?.type === "snapshot" && value.kvs.length, values.size]).to.deep.equal([keys, keys]);
    await reading.return?.();
    await view.close();
    await reader.close();
  });
}

test("a pair that is too large by itself ends sync(): asking for less does not help", async () => {
  const { reader } = await narrowScene("refuses what is too large", 9_999);
  await rejection(sync(reader, range)[Symbol.asyncIterator]().next(), "too-large");
  await reader.close();
});

test("the time-out of sync() is for all pages together", async () => {
  const { platform, reader } = await narrowScene("is too slow for what is too large", 9_999);
  const failed: string[] = [];
  const late = rejection(sync(reader, range, { timeoutMs: 15_000 })[Symbol.asyncIterator]().next(), "timeout");
  void late.then(({ message }) => failed.push(message));
  await platform.pass(14_999);
  expect(failed).to.deep.equal([]);
  await platform.pass(1);
  expect(failed).to.have.lengthOf(1);
  expect(failed[0]).to.contain("no snapshot within 15000 ms");
  await reader.close();
});
