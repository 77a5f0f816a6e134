import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import type { Etcd, Watch, WatchOptions } from "../../../src/index.ts";
import { rejection } from "../../contract/expectations.ts";
import { createFakePlatform, type FakePlatform, settle } from "../support/fake-platform.ts";
import { type Response, type ScriptedEtcd, type ServerStream, scriptEtcd } from "../support/scripted-etcd.ts";

const lost = new ConnectError("etcdserver: server stopped", Code.Unavailable);
const denied = new ConnectError("etcdserver: permission denied", Code.PermissionDenied);

/** A client with watches whose readers write down what they get. */
interface Scene {
  readonly server: ScriptedEtcd;
  readonly platform: FakePlatform;
  readonly etcd: Etcd;
  /** A watch, and the revisions its reader got, then how it ended. */
  follow(key: string, options?: WatchOptions): { readonly watch: Watch; readonly got: (bigint | string)[] };
  /** Those of the streams that the client still holds. */
  held(): readonly ServerStream[];
}

function scene(): Scene {
  const [server, platform] = [scriptEtcd(), createFakePlatform()];
  const etcd = createEtcdOn(platform, { transport: server.transport });
  return {
    server,
    platform,
    etcd,
    held: () => server.streams.filter(({ left }) => !left.aborted),
    follow(key, options = { startRevision: 11n }) {
      const watch = etcd.watch(key, options);
      const got: (bigint | string)[] = [];
      void read(watch, got);
      return { watch, got };
    },
  };
}

async function read(watch: Watch, got: (bigint | string)[]): Promise<void> {
  try {
    for await (const { revision } of watch.batches()) got.push(revision);
    got.push("done");
  } catch (error) {
    got.push((error as { code: string }).code);
  }
}

/** Answers every create of a stream, as etcd does: in order, with the id asked for. */
function confirm(stream: ServerStream | undefined, revision = 10n): void {
  for (const { watchId } of stream?.creates ?? []) stream?.send({ created: true, watchId, header: { revision } });
}

function event(watchId: bigint, modRevision: bigint): Response {
  return { watchId, header: { revision: modRevision }, events: [{ kv: { key: Uint8Array.of(0x6b), modRevision } }] };
}

const startsOf = (stream: ServerStream | undefined): bigint[] =>
  stream?.creates.map((each) => each.startRevision) ?? [];

test("watches of one tick are one body, and one read pins their start", async () => {
  const { etcd, server, platform } = scene();
  const watches = ["a", "b", "c"].map((key) => etcd.watch(key));
  const opening = Promise.all(watches.map((watch) => watch.opened));
  await platform.pass(0);
  expect(server.streams.length).to.equal(1);
  expect(server.reads).to.equal(1);
  expect(server.streams[0]?.creates.map(({ watchId }) => watchId)).to.deep.equal([1n, 2n, 3n]);
  confirm(server.streams[0]);
  expect(await opening).to.deep.equal([11n, 11n, 11n]);
  await etcd.close();
});

test("each watch gets its own events; a server may number watches itself", async () => {
  const { server, platform, follow } = scene();
  const [a, b] = [follow("a"), follow("b")];
  await platform.pass(0);
  const [stream] = server.streams;
  for (const watchId of [0n, 7n]) stream?.send({ created: true, watchId });
  for (const [watchId, revision] of [
    [7n, 12n],
    [0n, 13n],
    [7n, 14n],
    [99n, 15n],
  ] as const) {
    stream?.send(event(watchId, revision));
  }
  await settle();
  expect([a.got, b.got]).to.deep.equal([[13n], [12n, 14n]]);
});

test("a refused create ends the watch whose turn it was, and no other", async () => {
  for (const watchId of [-1n, 0n, 1n]) {
    const { server, platform, follow } = scene();
    const [a, b, c] = [follow("a"), follow("b"), follow("c")];
    await platform.pass(0);
    const [stream] = server.streams;
    stream?.send({ created: true, watchId: 1n });
    stream?.send({ created: true, canceled: true, watchId, cancelReason: "etcdserver: permission denied" });
    stream?.send({ created: true, watchId: 3n });
    for (const id of [1n, 2n, 3n]) stream?.send(event(id, 11n));
    await settle();
    expect([a.got, b.got, c.got], String(watchId)).to.deep.equal([[11n], ["permission-denied"], [11n]]);
  }
});

test("where the common read is refused, each watch's own permission decides", async () => {
  const { etcd, server, platform } = scene();
  server.readErrors.push(denied);
  const [a, b] = [etcd.watch("a"), etcd.watch("b")];
  const refused = rejection(a.opened, "permission-denied");
  const opened = b.opened;
  await platform.pass(0);
  confirm(server.streams[0]);
  await refused;
  expect([await opened, server.reads]).to.deep.equal([11n, 2]);
  await etcd.close();
});

test("watches with other headers have a stream of their own", async () => {
  const { server, platform, follow } = scene();
  follow("a");
  follow("b", { startRevision: 11n, headers: { token: "other" } });
  follow("c", { startRevision: 11n, headers: { token: "other" } });
  await platform.pass(0);
  expect(server.streams.map(({ creates, headers }) => [creates.length, headers.get("token")])).to.deep.equal([
    [1, null],
    [2, "other"],
  ]);
});

test("one who comes gets a stream at once; after a while of quiet the two become one, from where each watch stands", async () => {
  const { server, platform, follow, held } = scene();
  const a = follow("a");
  await platform.pass(0);
  confirm(server.streams[0]);
  await settle();
  const b = follow("b");
  await platform.pass(0);
  expect(held().map(({ creates }) => creates.length)).to.deep.equal([1, 1]);
  confirm(server.streams[1]);
  await settle();
  server.streams[0]?.send(event(1n, 20n));
  server.streams[1]?.send(event(1n, 21n));
  await platform.pass(3_000);
  expect(held().length).to.equal(3);
  expect(startsOf(server.streams[2]).sort()).to.deep.equal([21n, 22n]);
  confirm(server.streams[2]);
  await platform.pass(500);
  expect(held()).to.deep.equal([server.streams[2]]);
  expect([a.got, b.got]).to.deep.equal([[20n], [21n]]);
});

test("while handing over a watch takes each revision once, from whichever stream is first", async () => {
  const { server, platform, follow } = scene();
  const a = follow("a");
  await platform.pass(0);
  confirm(server.streams[0]);
  await settle();
  const b = follow("b");
  await platform.pass(0);
  confirm(server.streams[1]);
  await platform.pass(3_000);
  const [before, , after] = server.streams;
  const [idA] = after?.creates.filter(({ key }) => key[0] === 0x61).map(({ watchId }) => watchId) ?? [];
  before?.send(event(1n, 30n));
  await settle();
  confirm(after);
  for (const revision of [30n, 31n]) after?.send(event(idA ?? 0n, revision));
  await settle();
  for (const revision of [31n, 32n]) before?.send(event(1n, revision));
  await settle();
  after?.send(event(idA ?? 0n, 32n));
  after?.send(event(idA ?? 0n, 33n));
  await settle();
  expect(a.got).to.deep.equal([30n, 31n, 32n, 33n]);
  expect(b.got).to.deep.equal([]);
});

test("a hand-over that finds its history compacted leaves the watch where it is", async () => {
  const { server, platform, follow, held } = scene();
  const a = follow("a");
  await platform.pass(0);
  confirm(server.streams[0]);
  await settle();
  const b = follow("b");
  await platform.pass(0);
  confirm(server.streams[1]);
  await platform.pass(3_000);
  const after = server.streams[2];
  const idOf = (key: number): bigint => after?.creates.find((each) => each.key[0] === key)?.watchId ?? 0n;
  confirm(after, 510n);
  after?.send({ watchId: idOf(0x61), canceled: true, compactRevision: 500n });
  await platform.pass(500);
  expect(held()).to.include(server.streams[0]);
  server.streams[0]?.send(event(1n, 600n));
  after?.send(event(idOf(0x62), 601n));
  await settle();
  expect([a.got, b.got]).to.deep.equal([[600n], [601n]]);
});

test("who goes ends at once, and leaves the server with the next hand-over", async () => {
  const { server, platform, follow, held } = scene();
  const all = ["a", "b", "c"].map((key) => follow(key));
  await platform.pass(0);
  confirm(server.streams[0]);
  await settle();
  await all[0]?.watch.close();
  await settle();
  expect(all[0]?.got).to.deep.equal(["done"]);
  server.streams[0]?.send(event(1n, 20n));
  server.streams[0]?.send(event(2n, 21n));
  await platform.pass(2_999);
  expect(held()).to.deep.equal([server.streams[0]]);
  await platform.pass(1);
  confirm(server.streams[1]);
  await platform.pass(500);
  expect(held()).to.deep.equal([server.streams[1]]);
  expect(server.streams[1]?.creates.length).to.equal(2);
  expect(all.map(({ got }) => got)).to.deep.equal([["done"], [21n], []]);
});

test("who goes last ends the stream at once", async () => {
  const { etcd, server, platform, follow, held } = scene();
  const all = ["a", "b"].map((key) => follow(key));
  await platform.pass(0);
  confirm(server.streams[0]);
  await settle();
  for (const { watch } of all) await watch.close();
  await settle();
  expect([held().length, platform.timers, platform.sleepers]).to.deep.equal([0, 0, 0]);
  expect(etcd.connection.state).to.deep.equal({ state: "idle" });
});

test("under churn the dead never outnumber the living for long", async () => {
  const { server, platform, follow, held } = scene();
  for (let i = 0; i < 8; i++) follow(`stays-${i}`);
  await platform.pass(0);
  confirm(server.streams[0]);
  await settle();
  for (let i = 0; i < 100; i++) {
    const { watch } = follow(`goes-${i}`);
    await platform.pass(0);
    for (const stream of held()) confirm(stream);
    await settle();
    await watch.close();
    await platform.pass(100);
    for (const stream of held()) confirm(stream);
    const creates = held().reduce((sum, stream) => sum + stream.creates.length, 0);
    expect(creates).to.be.at.most(3 * 9 + 9);
  }
  const sent = server.streams.reduce((sum, { creates }) => sum + creates.length, 0);
  expect(sent).to.be.below(100 * 8);
});

test("a lost stream opens again with all its watches, each from where it stands", async () => {
  const { server, platform, follow } = scene();
  const [a, b] = [follow("a"), follow("b")];
  await platform.pass(0);
  confirm(server.streams[0]);
  server.streams[0]?.send(event(2n, 40n));
  await settle();
  server.streams[0]?.end(lost);
  await platform.pass(250);
  expect(startsOf(server.streams[1])).to.deep.equal([11n, 41n]);
  confirm(server.streams[1]);
  server.streams[1]?.send(event(1n, 12n));
  await settle();
  expect([a.got, b.got]).to.deep.equal([[12n], [40n]]);
});

test("a reader that is behind leaves the streams, loses nothing, and delays nobody", async () => {
  const { etcd, server, platform, follow, held } = scene();
  const slow = etcd.watch("slow", { startRevision: 11n });
  const reader = slow.batches()[Symbol.asyncIterator]();
  const first = reader.next();
  const quick = follow("quick");
  await platform.pass(0);
  confirm(server.streams[0]);
  const big = (modRevision: bigint): Response => ({
    watchId: 1n,
    events: [{ kv: { key: Uint8Array.of(0x6b), value: new Uint8Array(300_000), modRevision } }],
  });
  for (let revision = 11n; revision <= 20n; revision++) server.streams[0]?.send(big(revision));
  server.streams[0]?.send(event(2n, 21n));
  await settle();
  expect(quick.got).to.deep.equal([21n]);
  await platform.pass(3_000);
  confirm(server.streams[1]);
  await platform.pass(500);
  expect(held().map((stream) => startsOf(stream))).to.deep.equal([[22n]]);
  const revisions = [(await first).value?.revision];
  // One mebibyte is four of these: the first was taken at once, then four, and the one that was too much.
  for (let i = 0; i < 4; i++) revisions.push((await reader.next()).value?.revision);
  expect(revisions).to.deep.equal([11n, 12n, 13n, 14n, 15n]);
  const next = reader.next();
  await platform.pass(0);
  const again = server.streams.at(-1);
  expect(startsOf(again)).to.deep.equal([16n]);
  confirm(again);
  again?.send(big(16n));
  expect((await next).value?.revision).to.equal(16n);
  await etcd.close();
});

test("a slow reader whose history has gone meanwhile is told compacted, after what it had", async () => {
  const { server, platform, etcd } = scene();
  const reader = etcd.watch("slow", { startRevision: 11n }).batches()[Symbol.asyncIterator]();
  const first = reader.next();
  await platform.pass(0);
  confirm(server.streams[0]);
  const big = (modRevision: bigint): Response => ({
    watchId: 1n,
    events: [{ kv: { key: Uint8Array.of(0x6b), value: new Uint8Array(1_100_000), modRevision } }],
  });
  for (const revision of [11n, 12n, 13n]) server.streams[0]?.send(big(revision));
  await settle();
  expect((await first).value?.revision).to.equal(11n);
  expect((await reader.next()).value?.revision).to.equal(12n);
  const next = reader.next();
  await platform.pass(0);
  confirm(server.streams[1]);
  server.streams[1]?.send({ watchId: 1n, canceled: true, compactRevision: 50n });
  expect((await rejection(next, "compacted")).compactRevision).to.equal(50n);
});

test("a link that misses three bookmarks is dead, and replaced", async () => {
  const { etcd, server, platform, follow } = scene();
  follow("a");
  await platform.pass(0);
  confirm(server.streams[0]);
  for (const revision of [20n, 21n]) {
    await platform.pass(1_000);
    server.streams[0]?.send({ watchId: 1n, header: { revision } });
    await settle();
  }
  await platform.pass(5_299);
  expect([server.streams.length, server.reads]).to.deep.equal([1, 0]);
  await platform.pass(251);
  expect(server.streams.length).to.equal(2);
  expect(server.streams[0]?.left.aborted).to.equal(true);
  expect(startsOf(server.streams[1])).to.deep.equal([22n]);
  expect(etcd.connection.state).to.deep.include({ state: "reconnecting" });
});

test("silence without bookmarks is asked about; where nothing happened, nothing is re-opened", async () => {
  const { server, platform, follow } = scene();
  follow("a");
  await platform.pass(0);
  confirm(server.streams[0]);
  await platform.pass(45_000);
  expect([server.reads, server.streams.length]).to.deep.equal([1, 1]);
  await platform.pass(450_000);
  expect([server.reads, server.streams.length]).to.deep.equal([11, 1]);
});

test("silence while the store moved on is doubtful: another stream takes over, before the old one goes", async () => {
  const { server, platform, follow, held } = scene();
  const a = follow("a");
  await platform.pass(0);
  confirm(server.streams[0]);
  server.revision = 50n;
  await platform.pass(45_000);
  expect(held().length).to.equal(2);
  confirm(server.streams[1]);
  server.streams[1]?.send(event(1n, 40n));
  await platform.pass(500);
  expect(held()).to.deep.equal([server.streams[1]]);
  expect(a.got).to.deep.equal([40n]);
});

test("silence while etcd cannot be reached is a lost link", async () => {
  const { etcd, server, platform, follow } = scene();
  follow("a");
  await platform.pass(0);
  confirm(server.streams[0]);
  server.readErrors.push(lost);
  await platform.pass(45_000);
  expect(etcd.connection.state).to.deep.include({ state: "reconnecting", attempt: 1 });
  await platform.pass(250);
  expect(server.streams.length).to.equal(2);
});

test("a stream whose creates are not answered is dead", async () => {
  const { server, platform, follow } = scene();
  follow("a");
  await platform.pass(0);
  await platform.pass(15_250);
  expect(server.streams.length).to.equal(2);
  expect(server.streams[0]?.left.aborted).to.equal(true);
});

test("when the page wakes, a silent stream is asked about at once, and a retry is not waited for", async () => {
  const { server, platform, follow } = scene();
  follow("a");
  await platform.pass(0);
  confirm(server.streams[0]);
  await platform.pass(1_000);
  platform.wake();
  await settle();
  expect(server.reads).to.equal(1);
  server.streams[0]?.end(lost);
  await settle();
  expect(server.streams.length).to.equal(1);
  platform.wake();
  await settle();
  expect(server.streams.length).to.equal(2);
});

test("another cluster behind the same URL ends every watch with cluster-changed, before its events are taken", async () => {
  const { server, platform, follow } = scene();
  const [a, b] = [follow("a"), follow("b")];
  await platform.pass(0);
  const meet = (stream: ServerStream | undefined, clusterId: bigint): void => {
    for (const watchId of [1n, 2n]) stream?.send({ created: true, watchId, header: { clusterId, revision: 10n } });
  };
  meet(server.streams[0], 7n);
  await settle();
  server.streams[0]?.end(lost);
  await platform.pass(250);
  meet(server.streams[1], 8n);
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
  server.streams[0]?.end(lost);
  await platform.pass(250);
  confirm(server.streams[1], 60n);
  await settle();
  server.streams[1]?.send(event(1n, 101n));
  await settle();
  expect([a.got, server.reads]).to.deep.equal([[100n, 101n], 1]);
});
