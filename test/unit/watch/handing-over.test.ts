import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import { settle } from "../support/fake-platform.ts";
import { handingOver, idOn, nameOf } from "../support/hand-over.ts";
import { confirm, event, lost, scene, startsOf } from "../support/watch-scene.ts";

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
  const { found, got, after, idOf } = await handingOver();
  const [before] = found.server.streams;
  before?.send(event(1n, 30n));
  await settle();
  confirm(after);
  for (const revision of [30n, 31n]) after?.send(event(idOf("a"), revision));
  await settle();
  for (const revision of [31n, 32n]) before?.send(event(1n, revision));
  await settle();
  after?.send(event(idOf("a"), 32n));
  after?.send(event(idOf("a"), 33n));
  await settle();
  expect(got).to.deep.equal([[30n, 31n, 32n, 33n], []]);
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

test("what is too large is asked for in parts, until the watches have come so far, and nothing shows of it", async () => {
  const { etcd, server, platform, follow } = scene();
  const [a, b] = [follow("a"), follow("b")];
  await platform.pass(0);
  confirm(server.streams[0]);
  server.streams[0]?.send(event(1n, 20n));
  await settle();
  const tooLarge = new ConnectError("trying to send message larger than max (9 vs. 8)", Code.ResourceExhausted);
  const states: string[] = [];
  etcd.connection.subscribe(() => states.push(etcd.connection.state.state));
  server.streams[0]?.end(tooLarge);
  await platform.pass(0);
  const [first, second] = server.streams;
  expect([first, second].map((stream) => stream?.creates.map(({ fragment }) => fragment))).to.deep.equal([
    [false, false],
    [true, true],
  ]);
  expect(startsOf(second)).to.deep.equal([21n, 11n]);
  confirm(second);
  for (const [fragment, revision] of [
    [true, 30n],
    [true, 31n],
    [false, 32n],
  ] as const) {
    second?.send({ ...event(2n, revision), fragment });
  }
  second?.send(event(1n, 33n));
  await platform.pass(1_000);
  expect([a.got, b.got, states]).to.deep.equal([[20n, 33n], [30n, 31n, 32n], []]);
  second?.end(lost);
  await platform.pass(250);
  expect(server.streams[2]?.creates.map(({ fragment }) => fragment)).to.deep.equal([false, false]);
});

test("a stream cut right after it took over leaves nobody on the one that goes", async () => {
  const { found, got, after } = await handingOver();
  const { server, platform } = found;
  confirm(after, 510n); // they are behind: the streams before stay a moment
  await settle();
  after?.end(lost);
  await platform.pass(1_000);
  const again = server.streams[3];
  confirm(again, 510n);
  again?.send(event(1n, 600n));
  again?.send(event(2n, 601n));
  await platform.pass(10_000);
  expect(got.flat().sort()).to.deep.equal([600n, 601n]);
});

test("a watch that comes while a hand-over hangs is opened when that is given up, though the streams before it live", async () => {
  const { found } = await handingOver();
  const { server, platform, follow, etcd } = found;
  await platform.pass(1_000);
  const late = follow("late");
  for (let second = 0n; second < 40n; second++) {
    for (const stream of server.streams.slice(0, 2)) stream.send(event(1n, 30n + second));
    await platform.pass(1_000);
  }
  const opened = server.streams.findLast(({ creates }) => creates.some((each) => nameOf(each) === "late"));
  confirm(opened);
  opened?.send(event(idOn(opened, "late"), 100n));
  await settle();
  expect(late.got).to.deep.equal([100n]);
  expect(etcd.connection.state.state).to.equal("live");
});

test("the end of a stream that has been replaced is no trouble to who comes then", async () => {
  const { found, after } = await handingOver(Array.from({ length: 200 }, (_, i) => `more-${i}`));
  const { server, platform, follow, etcd } = found;
  confirm(after, 510n);
  await settle();
  follow("c");
  await platform.pass(0);
  server.streams[0]?.end(lost);
  await settle();
  expect(etcd.connection.state.state).not.to.equal("reconnecting");
  await platform.pass(500);
  expect(server.streams.length).to.equal(4);
});

test("a hand-over that fails is tried again after a while", async () => {
  const { found, after } = await handingOver();
  const { server, platform, held } = found;
  after?.end(lost);
  await platform.pass(59_000);
  expect(held()).to.deep.equal(server.streams.slice(0, 2));
  await platform.pass(2_000);
  confirm(server.streams.at(-1));
  await platform.pass(1_000);
  expect(held()).to.deep.equal(server.streams.slice(-1));
});

test("while no stream can be opened, those who go bring one try a minute", async () => {
  const { server, platform, follow, held } = scene();
  const watches = Array.from({ length: 100 }, (_, i) => follow(`${i}`).watch);
  await platform.pass(0);
  confirm(server.streams[0]);
  await settle();
  for (const watch of watches.slice(0, 90)) {
    await watch.close();
    await platform.pass(10);
    for (const stream of held().slice(1)) stream.end(lost);
  }
  expect(server.streams.length).to.equal(2);
  await platform.pass(60_000);
  confirm(server.streams.at(-1));
  await settle();
  expect(held().map(({ creates }) => creates.length)).to.deep.equal([10]);
});

test("who comes after a hand-over that failed does not wait, and when that goes well the others need not either", async () => {
  const { found, after } = await handingOver(["z", "y", "x", "w"]);
  const { server, platform, follow, held } = found;
  after?.end(lost);
  await platform.pass(1_000);
  follow("late");
  await platform.pass(0);
  confirm(server.streams.at(-1));
  await platform.pass(4_000);
  confirm(server.streams.at(-1));
  await platform.pass(1_000);
  expect(held().map(({ creates }) => creates.length)).to.deep.equal([7]);
});
