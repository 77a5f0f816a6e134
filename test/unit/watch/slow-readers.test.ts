import { test } from "node:test";
import { expect } from "chai";
import { rejection } from "../../contract/expectations.ts";
import { settle } from "../support/fake-platform.ts";
import type { Response } from "../support/scripted-etcd.ts";
import { confirm, event, scene, startsOf } from "../support/watch-scene.ts";

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
  // One mebibyte is four of these: the first was taken at once, then four. The one after them is given up.
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
  const end = rejection(next, "compacted");
  await platform.pass(0);
  expect((await end).compactRevision).to.equal(50n);
});

test("a reader that keeps up stays on its stream, however much comes at once", async () => {
  const { server, platform, etcd } = scene();
  const watch = etcd.watch("large", { startRevision: 11n });
  const read: bigint[] = [];
  const reading = (async () => {
    for await (const { kv } of watch) read.push(kv.modRevision);
  })();
  await platform.pass(0);
  confirm(server.streams[0]);
  const kv = { key: Uint8Array.of(0x6b), value: new Uint8Array(100_000) };
  for (let revision = 11n; revision <= 15n; revision++) {
    const events = Array.from({ length: 30 }, () => ({ kv: { ...kv, modRevision: revision } }));
    server.streams[0]?.send({ watchId: 1n, events });
    await settle();
    expect(read.length).to.equal(30 * Number(revision - 10n));
  }
  await platform.pass(0);
  expect(server.streams.length).to.equal(1);
  await watch.close();
  await reading;
});
