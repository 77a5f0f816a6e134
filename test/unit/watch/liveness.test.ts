import { test } from "node:test";
import { expect } from "chai";
import { settle } from "../support/fake-platform.ts";
import { confirm, event, lost, type Scene, scene, startsOf } from "../support/watch-scene.ts";

/** A live watch, after the read that learns how far the cluster has come. */
async function live(): Promise<Scene & { readonly got: readonly (bigint | string)[] }> {
  const found = scene();
  const { got } = found.follow("a");
  await found.platform.pass(0);
  confirm(found.server.streams[0]);
  await settle();
  found.server.reads = 0;
  return { ...found, got };
}

test("a link that misses three bookmarks is dead, and replaced", async () => {
  const { etcd, server, platform } = await live();
  for (const revision of [20n, 21n, 22n]) {
    await platform.pass(1_000);
    server.streams[0]?.send({ watchId: 1n, header: { revision } });
    await settle();
  }
  await platform.pass(5_299);
  expect([server.streams.length, server.reads]).to.deep.equal([1, 0]);
  await platform.pass(251);
  expect(server.streams.length).to.equal(2);
  expect(server.streams[0]?.left.aborted).to.equal(true);
  expect(startsOf(server.streams[1])).to.deep.equal([23n]);
  expect(etcd.connection.state).to.deep.include({ state: "reconnecting" });
});

test("silence without bookmarks is asked about; where nothing happened, nothing is re-opened", async () => {
  const { server, platform } = await live();
  await platform.pass(45_000);
  expect([server.reads, server.streams.length]).to.deep.equal([1, 1]);
  await platform.pass(450_000);
  expect([server.reads, server.streams.length]).to.deep.equal([11, 1]);
});

test("silence while the store moved on is doubtful: another stream takes over, before the old one goes", async () => {
  const { server, platform, held, got } = await live();
  server.revision = 50n;
  await platform.pass(45_000);
  expect(held().length).to.equal(2);
  confirm(server.streams[1]);
  server.streams[1]?.send(event(1n, 40n));
  await platform.pass(500);
  expect(held()).to.deep.equal([server.streams[1]]);
  expect(got).to.deep.equal([40n]);
});

test("silence while etcd cannot be reached is a lost link", async () => {
  const { etcd, server, platform } = await live();
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

test("a stream that leaves one create unanswered is dead, though it is heard otherwise", async () => {
  const { etcd, server, platform, follow } = scene();
  const { got } = follow("a");
  follow("b");
  await platform.pass(0);
  await platform.pass(10_000);
  server.streams[0]?.send({ created: true, watchId: 1n, header: { revision: 10n } });
  follow("c");
  for (const revision of [11n, 12n]) {
    await platform.pass(7_000);
    expect(server.streams.length).to.equal(1);
    server.streams[0]?.send(event(1n, revision));
    await settle();
  }
  await platform.pass(1_250);
  expect(startsOf(server.streams[1])).to.have.members([13n, 11n, 11n]);
  confirm(server.streams[1]);
  await settle();
  expect([got, etcd.connection.state.state]).to.deep.equal([[11n, 12n], "live"]);
});

test("a stream whose creates are answered one by one, slowly, is not dead", async () => {
  const { etcd, server, platform, follow } = scene();
  const keys = ["a", "b", "c", "d"];
  for (const key of keys) follow(key);
  await platform.pass(0);
  for (const [i] of keys.entries()) {
    await platform.pass(14_000);
    server.streams[0]?.send({ created: true, watchId: BigInt(i + 1), header: { revision: 10n } });
    await settle();
  }
  expect([server.streams.length, etcd.connection.state.state]).to.deep.equal([1, "live"]);
});

test("when the page wakes, a silent stream is asked about at once, and a retry is not waited for", async () => {
  const { server, platform } = await live();
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

test("bookmarks that were held up and come together do not make the link look dead", async () => {
  const { server, platform } = await live();
  const bookmark = (revision: bigint): void => server.streams[0]?.send({ watchId: 1n, header: { revision } });
  await platform.pass(10_000);
  bookmark(20n);
  await platform.pass(20_000);
  for (const revision of [21n, 22n]) bookmark(revision);
  await platform.pass(10_000);
  bookmark(23n);
  await platform.pass(9_000);
  expect(server.streams.length).to.equal(1);
});

test("after a frozen page has thawed, what came meanwhile is read before a live stream is judged", async () => {
  const { etcd, server, platform, got } = await live();
  const bookmark = (revision: bigint): void => server.streams[0]?.send({ watchId: 1n, header: { revision } });
  for (const revision of [20n, 21n, 22n]) {
    await platform.pass(1_000);
    bookmark(revision);
    await settle();
  }
  server.revision = 22n;
  platform.setTimeout(() => server.streams[0]?.send(event(1n, 23n)), 60_000);
  platform.freeze(3_600_000);
  await platform.pass(0); // the overdue timer comes first, then what the network has held
  await platform.pass(1_000);
  expect([got, server.streams.length, etcd.connection.state.state]).to.deep.equal([[23n], 1, "live"]);
});

test("a dead link is noticed after a frozen page has thawed, and nothing of it is lost", async () => {
  const { server, platform, got } = await live();
  platform.freeze(3_600_000);
  server.revision = 50n;
  await platform.pass(0);
  expect(server.streams.length).to.equal(2);
  confirm(server.streams[1]);
  server.streams[1]?.send(event(1n, 40n));
  await platform.pass(500);
  expect([got, server.streams[0]?.left.aborted]).to.deep.equal([[40n], true]);
});

test("a stream that was being opened when the page froze gets its time to be answered", async () => {
  const { etcd, server, platform, follow } = scene();
  follow("a");
  await platform.pass(0);
  platform.freeze(3_600_000);
  await platform.pass(0);
  confirm(server.streams[0]);
  await platform.pass(1_000);
  expect([server.streams.length, etcd.connection.state.state]).to.deep.equal([1, "live"]);
});
