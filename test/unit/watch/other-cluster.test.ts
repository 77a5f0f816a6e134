import { test } from "node:test";
import { expect } from "chai";
import { ClusterGuard } from "../../../src/watch/cluster-guard.ts";
import { rejection } from "../../contract/expectations.ts";
import { settle } from "../support/fake-platform.ts";
import { confirm, event, lost, scene, startsOf } from "../support/watch-scene.ts";

test("another cluster behind the same URL ends every watch with cluster-changed, before its events are taken", async () => {
  const { server, platform, follow } = scene();
  const [a, b] = [follow("a"), follow("b")];
  await platform.pass(0);
  confirm(server.streams[0], 10n, 7n);
  await settle();
  server.streams[0]?.end(lost);
  await platform.pass(250);
  confirm(server.streams[1], 10n, 8n);
  server.streams[1]?.send(event(1n, 11n));
  await settle();
  expect([a.got, b.got]).to.deep.equal([["cluster-changed"], ["cluster-changed"]]);
  expect(platform.timers).to.equal(0);
});

test("a cluster restored from a backup ends every watch with cluster-changed, on the word of a linearizable read", async () => {
  const { server, platform, follow } = scene();
  const a = follow("a");
  await platform.pass(0);
  confirm(server.streams[0]);
  server.streams[0]?.send(event(1n, 100n));
  await settle();
  server.streams[0]?.end(lost);
  await platform.pass(250);
  server.revision = 60n;
  confirm(server.streams[1], 60n);
  await settle();
  expect(a.got).to.deep.equal([100n, "cluster-changed"]);
});

test("a member that lags behind is no restored cluster", async () => {
  const { server, platform, follow } = scene();
  const a = follow("a");
  await platform.pass(0);
  confirm(server.streams[0]);
  server.streams[0]?.send(event(1n, 100n));
  await settle();
  server.reads = 0;
  server.streams[0]?.end(lost);
  await platform.pass(250);
  confirm(server.streams[1], 60n);
  await settle();
  server.streams[1]?.send(event(1n, 101n));
  await settle();
  expect([a.got, server.reads]).to.deep.equal([[100n, 101n], 1]);
});

test("another cluster is noticed by a slow reader that comes back alone", async () => {
  const { server, platform, etcd } = scene();
  const reader = etcd.watch("slow", { startRevision: 11n }).batches()[Symbol.asyncIterator]();
  const first = reader.next();
  await platform.pass(0);
  confirm(server.streams[0], 10n, 7n);
  for (const modRevision of [100n, 101n, 102n]) {
    const kv = { key: Uint8Array.of(0x6b), value: new Uint8Array(1_100_000), modRevision };
    server.streams[0]?.send({ watchId: 1n, events: [{ kv }] });
  }
  await settle();
  await first;
  await reader.next();
  const next = rejection(reader.next(), "cluster-changed");
  await platform.pass(0);
  confirm(server.streams[1], 60n, 8n);
  await next;
});

test("a restore before the first event or bookmark is noticed: one read tells how far the cluster had come", async () => {
  const { server, platform, follow } = scene();
  server.revision = 100n;
  const [a, b] = [follow("a", { startRevision: 90n }), follow("b", { startRevision: 80n })];
  await platform.pass(0);
  confirm(server.streams[0], 100n);
  await settle();
  expect(server.reads).to.equal(1);
  server.streams[0]?.end(lost);
  await platform.pass(250);
  server.revision = 60n;
  confirm(server.streams[1], 60n);
  await settle();
  expect([a.got, b.got]).to.deep.equal([["cluster-changed"], ["cluster-changed"]]);
});

test("a watch of the future, confirmed by a member that lags, goes on", async () => {
  const { server, platform, follow } = scene();
  server.revision = 100n;
  const future = follow("future", { startRevision: 200n });
  await platform.pass(0);
  confirm(server.streams[0], 40n); // a member that lags
  await settle();
  server.streams[0]?.end(lost);
  await platform.pass(250);
  confirm(server.streams[1], 100n);
  server.streams[1]?.send(event(1n, 200n));
  await settle();
  expect(future.got).to.deep.equal([200n]);
});

test("a restore that two reads tell of at once is one, and what begins after the first goes on", async () => {
  const told: string[] = [];
  const guard = new ClusterGuard(({ code }) => told.push(code));
  guard.reached(100n);
  const answers = [Promise.withResolvers<bigint>(), Promise.withResolvers<bigint>()];
  const checks = answers.map(({ promise }) => guard.check(() => promise));
  for (const [i, answer] of answers.entries()) {
    answer.resolve(60n);
    expect(await checks[i]).to.equal(60n);
    expect(told).to.deep.equal(["cluster-changed"]);
  }
  await guard.check(async () => 50n);
  expect(told.length).to.equal(2);
});

test("what a read of the old cluster says after the new one was met does not end what begins there", async () => {
  const { server, platform, follow } = scene();
  const old = follow("old");
  await platform.pass(0);
  confirm(server.streams[0], 10n, 7n);
  server.streams[0]?.send(event(1n, 1000n));
  await settle();
  const late = Promise.withResolvers<void>();
  server.onRead = () => late.promise;
  platform.wake();
  await settle();
  server.onRead = () => {
    server.revision = 5n;
  };
  server.streams[0]?.end(lost);
  await platform.pass(250);
  const young = follow("young", {});
  confirm(server.streams[1], 5n, 8n);
  await platform.pass(0);
  expect([old.got, startsOf(server.streams[2])]).to.deep.equal([[1000n, "cluster-changed"], [6n]]);
  server.revision = 1000n;
  late.resolve();
  await settle();
  confirm(server.streams[2], 5n, 8n);
  await settle();
  server.streams[2]?.send(event(1n, 6n));
  await settle();
  expect(young.got).to.deep.equal([6n]);
});

test("nor does a read that asked what had happened to watches of the old one", async () => {
  const late = Promise.withResolvers<void>();
  const reads = [1000n];
  const { server, platform, follow } = scene({
    async lastChanges() {
      const revision = reads.shift() ?? 5n;
      if (revision === 1000n) await late.promise;
      return { revision, changedAt: [10n] };
    },
  });
  const old = follow("old");
  await platform.pass(0);
  confirm(server.streams[0], 10n, 7n);
  await settle();
  server.streams[0]?.end(lost);
  await platform.pass(250);
  server.streams[1]?.send({ created: true, watchId: 1n, header: { revision: 1000n, clusterId: 7n } });
  server.streams[1]?.send({ watchId: 1n, canceled: true, compactRevision: 500n });
  await platform.pass(0);
  server.revision = 5n;
  const waits = follow("waits", {}); // with the old one, behind its read
  const headers = { of: "another group" };
  follow("meets", { headers, startRevision: 1n });
  await platform.pass(0);
  confirm(server.streams[2], 5n, 8n);
  await settle();
  const young = follow("young", { headers });
  await platform.pass(0);
  confirm(server.streams[3], 5n, 8n);
  await settle();
  late.resolve();
  await platform.pass(0);
  confirm(server.streams[4], 5n, 8n);
  await settle();
  for (const stream of server.streams.slice(3)) stream.send(event(1n, 6n));
  await settle();
  expect([old.got, waits.got, young.got]).to.deep.equal([["cluster-changed"], [6n], [6n]]);
});

test("a read during which the cluster changed is made again: the old one's revision would be a start in the far future", async () => {
  const told: string[] = [];
  const guard = new ClusterGuard(({ code }) => told.push(code));
  guard.met(7n, 1000n, async () => 1000n);
  guard.reached(1000n);
  const answers = [1000n, 5n];
  const read = async (): Promise<bigint> => {
    if (answers.length === 2) guard.met(8n, 5n, read);
    return answers.shift() ?? 5n;
  };
  expect(await guard.check(read)).to.equal(5n);
  expect(await guard.check(read)).to.equal(5n);
  expect(told).to.deep.equal(["cluster-changed"]);
});

test("a watch of a given revision that waits to be opened hears of another cluster too", async () => {
  const { server, platform, follow } = scene();
  follow("a");
  await platform.pass(0);
  confirm(server.streams[0], 10n, 7n);
  await settle();
  server.streams[0]?.end(lost);
  await platform.pass(250);
  const late = follow("late", { startRevision: 1001n });
  await platform.pass(0);
  confirm(server.streams[1], 10n, 8n);
  await settle();
  expect(late.got).to.deep.equal(["cluster-changed"]);
});

test("a watch from now on, the first after a restore, begins there", async () => {
  const { server, platform, follow } = scene();
  const before = follow("a");
  await platform.pass(0);
  confirm(server.streams[0]);
  server.streams[0]?.send(event(1n, 100n));
  await settle();
  await before.watch.close();
  server.revision = 60n;
  const after = follow("a", {});
  await platform.pass(0);
  expect(startsOf(server.streams[1])).to.deep.equal([61n]);
  confirm(server.streams[1], 60n);
  server.streams[1]?.send(event(1n, 61n));
  await settle();
  expect(after.got).to.deep.equal([61n]);
});
