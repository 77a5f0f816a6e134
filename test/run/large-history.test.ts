import { after, before, suite, test } from "node:test";
import { createClient } from "@connectrpc/connect";
import { createAsyncIterable } from "@connectrpc/connect/protocol";
import { expect } from "chai";
import { createEtcd, type Etcd } from "../../src/index.ts";
import { KV, Watch } from "../../src/proto.ts";
import { expectAll, follow } from "../contract/follow.ts";
import { History, putOf } from "../contract/history.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import type { EtcdServer } from "../fixtures/etcd.ts";
import { type FaultProxy, startFaultProxy } from "../fixtures/fault-proxy.ts";
import { startContractEtcd } from "./behind-envoy.ts";

// What etcd sends of the past it sends a thousand revisions at a time: few bytes or very many.
for (const version of ["3.5", "3.7"] as const) {
  suite(`etcd ${version} with a large history`, () => {
    let etcd: EtcdServer;
    let envoy: EnvoyProxy;
    let proxy: FaultProxy;
    let client: Etcd;
    before(async () => {
      etcd = await startContractEtcd(version);
      envoy = await startEnvoy({ etcd: [etcd.address] });
      proxy = await startFaultProxy(envoy.url);
      client = createEtcd({ endpoints: proxy.url });
    });
    after(async () => {
      await client?.close();
      await proxy?.[Symbol.asyncDispose]();
      await envoy?.stop();
      await etcd?.stop();
    });
    const streams = (): number => proxy.requests.filter(({ path }) => path === "/etcdserverpb.Watch/Watch").length;

    test("200 transactions of 100 small events come in less than half the time that etcd takes to part them", async () => {
      const history = new History();
      for (let i = 0; i < 200; i++) await putMany(client, `small/${i}/`, 100, "v".repeat(100), history);
      const first = history.since(0n)[0]?.revision ?? 0n;
      const ours = await timed(() => expectHistory(client, "small/", history));
      const parted = await timed(() => takeInParts(client, "small/", first, 20_000));
      expect(ours / parted).to.be.below(0.5);
      expect(streams()).to.equal(2);
    });

    test("30 MB of large values come in parts, whole and once", async () => {
      const history = new History();
      const before = streams();
      for (let i = 0; i < 300; i++) await putMany(client, `large/${i}/`, 1, "v".repeat(100_000), history);
      await expectHistory(client, "large/", history);
      // Once whole, then 15 parts; a reader gets no more than a mebibyte ahead of what it takes.
      expect(streams() - before).to.be.within(2, 20);
    });
  });
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

/** As the stub alone takes them. */
async function takeInParts(client: Etcd, prefix: string, startRevision: bigint, count: number): Promise<void> {
  const encoder = new TextEncoder();
  const [key, rangeEnd] = [encoder.encode(prefix), encoder.encode(`${prefix.slice(0, -1)}0`)];
  const value = { key, rangeEnd, startRevision, fragment: true };
  const stop = new AbortController();
  const requests = createAsyncIterable([{ requestUnion: { case: "createRequest" as const, value } }]);
  let taken = 0;
  for await (const { events } of createClient(Watch, client.transport).watch(requests, { signal: stop.signal })) {
    taken += events.length;
    if (taken === count) break;
  }
  stop.abort();
}

async function expectHistory(client: Etcd, prefix: string, history: History): Promise<void> {
  const first = history.since(0n)[0]?.revision ?? 0n;
  const watch = client.watch({ prefix }, { startRevision: first });
  const states: string[] = [];
  const unsubscribe = client.connection.subscribe(() => states.push(client.connection.state.state));
  await expectAll(follow(watch), history, first);
  unsubscribe();
  expect(states).not.to.include("reconnecting");
  await watch.close();
}

async function putMany(client: Etcd, prefix: string, count: number, value: string, history: History): Promise<void> {
  const encoder = new TextEncoder();
  const keys = Array.from({ length: count }, (_, i) => prefix + i);
  const { header } = await createClient(KV, client.transport).txn({
    success: keys.map((key) => ({
      request: { case: "requestPut", value: { key: encoder.encode(key), value: encoder.encode(value) } },
    })),
  });
  history.add(
    header?.revision ?? 0n,
    keys.map((key) => putOf(key, value)),
  );
}
