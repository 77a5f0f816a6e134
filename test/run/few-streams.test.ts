import { test } from "node:test";
import { expect } from "chai";
import { createEtcd, type Watch } from "../../src/index.ts";
import { take, until } from "../contract/expectations.ts";
import { startEnvoy } from "../fixtures/envoy.ts";
import { progressNotifyInterval, startEtcd } from "../fixtures/etcd.ts";
import { startFaultProxy } from "../fixtures/fault-proxy.ts";

// A page has six connections to an origin over HTTP/1.1, and a watch holds one for as long as it lives.
test("watches hold two connections at the most, three while handing over, and one when it is quiet", async () => {
  await using etcd = await startEtcd("3.7", { args: [progressNotifyInterval("3.7", "500ms")] });
  await using envoy = await startEnvoy({ etcd: [etcd.address] });
  await using proxy = await startFaultProxy(envoy.url);
  await using client = createEtcd({ endpoints: proxy.url });
  await using writer = createEtcd({ endpoints: envoy.url });
  const watchStreams = sample(() => proxy.openStreams);
  const watches: Watch[] = [];
  for (let i = 0; i < 200; i++) {
    const watch = client.watch(`key-${i}`, i % 2 === 0 ? { startRevision: 1n } : {});
    watches.push(watch);
    if (i % 5 === 0) await watch.opened;
    if (i % 7 === 0) await writer.put(`key-${i}`, "");
    if (i % 11 === 0) await watches.shift()?.close();
  }
  await Promise.all(watches.map((watch) => watch.opened));
  // Beside the watches, one read at a time pins their starts.
  expect(watchStreams.most()).to.be.within(1, 3 + 1);
  await until("it is quiet, and all are on one stream", async () => proxy.openStreams === 1);
  expect(await etcd.watchers()).to.equal(watches.length);

  const seen = Promise.all(watches.map((watch) => take(watch, 1)));
  for (let i = 0; i < 200; i++) await writer.put(`key-${i}`, "last");
  expect((await seen).every(([event]) => event !== undefined)).to.equal(true);
  await until("nothing is left", async () => (await etcd.watchers()) === 0 && proxy.openStreams === 0);
  watchStreams.stop();
});

/** Looks again and again, as often as there is time. */
function sample(count: () => number): { most(): number; stop(): void } {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, count());
  }, 1);
  return { most: () => most, stop: () => clearInterval(timer) };
}
