import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import type { Watch } from "../../../src/index.ts";
import { settle } from "../support/fake-platform.ts";
import type { ServerStream } from "../support/scripted-etcd.ts";
import { confirm, event, lost, scene, startsOf } from "../support/watch-scene.ts";

/** Two watches, each on a stream of its own (the first with others), and the stream that is to take all. */
async function handingOver(others: readonly string[] = []): Promise<{
  readonly found: ReturnType<typeof scene>;
  readonly got: readonly (readonly (bigint | string)[])[];
  /** All but the first. */
  readonly others: readonly Watch[];
  readonly after: ServerStream | undefined;
  idOf(key: string): bigint;
}> {
  const found = scene();
  const { server, platform, follow } = found;
  const a = follow("a");
  const beside = others.map((key) => follow(key).watch);
  await platform.pass(0);
  confirm(server.streams[0]);
  await settle();
  const b = follow("b");
  await platform.pass(0);
  confirm(server.streams[1]);
  await platform.pass(3_000);
  const after = server.streams[2];
  const idOf = (key: string): bigint => after?.creates.find((each) => nameOf(each) === key)?.watchId ?? 0n;
  return { found, got: [a.got, b.got], others: [b.watch, ...beside], after, idOf };
}

const nameOf = ({ key }: { readonly key: Uint8Array }): string => new TextDecoder().decode(key);

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

test("a hand-over that finds its history compacted leaves the watch where it is", async () => {
  const { found, got, after, idOf } = await handingOver();
  const { server, platform, held } = found;
  confirm(after, 510n);
  after?.send({ watchId: idOf("a"), canceled: true, compactRevision: 500n });
  await platform.pass(500);
  expect(held()).to.include(server.streams[0]);
  server.streams[0]?.send(event(1n, 600n));
  after?.send(event(idOf("b"), 601n));
  await settle();
  expect(got).to.deep.equal([[600n], [601n]]);
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

test("each of several watches that a hand-over finds compacted stays where it is", async () => {
  const { found, got, after, idOf } = await handingOver();
  confirm(after, 510n);
  for (const key of ["a", "b"]) after?.send({ watchId: idOf(key), canceled: true, compactRevision: 500n });
  await found.platform.pass(1_000);
  for (const [i, stream] of found.server.streams.slice(0, 2).entries()) stream.send(event(1n, 600n + BigInt(i)));
  await settle();
  expect(got).to.deep.equal([[600n], [601n]]);
});

test("a watch found compacted before the hand-over's last create is answered stays where it is", async () => {
  const { found, got, after } = await handingOver();
  const [first, second] = after?.creates ?? [];
  for (const create of [first, second]) {
    after?.send({ created: true, watchId: create?.watchId ?? 0n, header: { revision: 510n } });
    if (create === first) after?.send({ watchId: create?.watchId ?? 0n, canceled: true, compactRevision: 500n });
  }
  await found.platform.pass(10_000);
  const index = first && nameOf(first) === "a" ? 0 : 1;
  found.server.streams[index]?.send(event(1n, 600n));
  await settle();
  expect(got[index]).to.deep.equal([600n]);
});

test("a watch left alone is not forgotten when the stream that takes it along fails", async () => {
  const { found, got, after, idOf } = await handingOver();
  const { server, platform, follow, held } = found;
  confirm(after, 510n);
  after?.send({ watchId: idOf("a"), canceled: true, compactRevision: 500n });
  await settle();
  server.streams[0]?.send(event(1n, 600n));
  await settle();
  expect(got[0]).to.deep.equal([600n]);
  follow("c", { startRevision: 601n });
  const handled = new Set(server.streams);
  let failures = 0;
  for (let i = 0; i < 40; i++) {
    await platform.pass(500);
    for (const stream of server.streams) {
      if (handled.has(stream)) continue;
      handled.add(stream);
      if (failures === 0 && stream.creates.some((each) => nameOf(each) === "a")) {
        failures++;
        stream.end(lost);
      } else confirm(stream, 600n);
    }
    if (i === 20) follow("d", { startRevision: 601n });
  }
  expect(failures).to.equal(1);
  expect(held().flatMap((stream) => stream.creates.map(nameOf))).to.include("a");
});

/** As above with one more, and the new stream finds these compacted: they stay where they were. */
async function keeping(keys: readonly string[]): Promise<Awaited<ReturnType<typeof handingOver>>> {
  const scene = await handingOver(["z"]);
  confirm(scene.after, 510n);
  for (const key of keys) scene.after?.send({ watchId: scene.idOf(key), canceled: true, compactRevision: 500n });
  await scene.found.platform.pass(1_000);
  return scene;
}

const namesOn = (streams: readonly ServerStream[]): string[][] => streams.map(({ creates }) => creates.map(nameOf));

test("a watch that stayed behind goes with the others as soon as it knows where it stands", async () => {
  const { found, got } = await keeping(["a"]);
  const { server, platform, held } = found;
  await platform.pass(60_000);
  expect(held()).to.deep.equal([server.streams[0], server.streams[2]]);
  server.streams[0]?.send(event(1n, 600n));
  await platform.pass(0);
  confirm(server.streams[3], 600n);
  await platform.pass(1_000);
  expect(held()).to.deep.equal([server.streams[3]]);
  const starts = server.streams[3]?.creates.map((create) => [nameOf(create), create.startRevision]);
  expect(starts).to.deep.include(["a", 601n]);
  const idOfA = server.streams[3]?.creates.find((create) => nameOf(create) === "a")?.watchId ?? 0n;
  server.streams[3]?.send(event(idOfA, 601n));
  await platform.pass(60_000);
  expect([got, server.streams.length]).to.deep.equal([[[600n, 601n], []], 4]);
});

test("a watch that a hand-over finds compacted is none that has left: nothing is opened for it", async () => {
  const { found } = await keeping(["a"]);
  const gone = found.follow("c");
  await found.platform.pass(0);
  confirm(found.server.streams[3]);
  await gone.watch.close();
  await found.platform.pass(10_000);
  expect(found.server.streams.length).to.equal(4);
});

for (const kept of [["a"], ["a", "b"]]) {
  test(`who comes while ${kept.length} are kept finds room: three connections at the most, and nothing is lost`, async () => {
    const { found, got } = await keeping(kept);
    const { server, platform, follow, held } = found;
    expect(namesOn(held()).length).to.equal(1 + kept.length);
    const confirmed = new Set(server.streams);
    const confirmNew = (): void => {
      for (const stream of held()) {
        if (!confirmed.has(stream)) confirm(stream, 510n);
        confirmed.add(stream);
      }
    };
    const all = ["c", "d", "e", "f"].map((key) => ({ key, ...follow(key, { startRevision: 511n }), id: 0n }));
    for (let i = 0; i < 20; i++) {
      await platform.pass(i % 3 === 0 ? 0 : 1_000);
      confirmNew();
      if (i < 8) follow(`more-${i}`, { startRevision: 511n });
    }
    await platform.pass(10_000);
    confirmNew();
    await platform.pass(10_000);
    // The kept ones are where they were; everybody else is on one stream.
    expect(held().slice(0, kept.length)).to.deep.equal(server.streams.slice(0, kept.length));
    const last = held().at(-1);
    for (const { key, got } of all) {
      const id = last?.creates.find((create) => nameOf(create) === key)?.watchId ?? 0n;
      last?.send(event(id, 700n));
      await settle();
      expect(got, key).to.deep.equal([700n]);
    }
    for (const [i] of kept.entries()) server.streams[i]?.send(event(1n, 800n));
    await settle();
    expect(got.slice(0, kept.length)).to.deep.equal(kept.map(() => [800n]));
  });
}

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
  opened?.send(event(opened.creates.find((each) => nameOf(each) === "late")?.watchId ?? 0n, 100n));
  await settle();
  expect(late.got).to.deep.equal([100n]);
  expect(etcd.connection.state.state).to.equal("live");
});

test("a stream whose last kept watch is ended by the server is gone: nothing is asked about it", async () => {
  const { found } = await keeping(["a"]);
  const { server, platform, held } = found;
  server.streams[0]?.send({ watchId: 1n, canceled: true, cancelReason: "etcdserver: no leader" });
  await platform.pass(1_000);
  confirm(server.streams.at(-1), 600n);
  await platform.pass(40_000);
  expect(held()).not.to.include(server.streams[0]);
  server.reads = 0;
  await platform.pass(30_000);
  expect(server.reads).to.be.at.most(3);
});

test("who comes beside one that was kept costs a stream no watch that it could go on with", async () => {
  const { found, got } = await keeping(["a"]);
  const { server, platform, follow, held } = found;
  follow("c", { startRevision: 511n });
  await platform.pass(0);
  confirm(server.streams[3], 510n);
  await platform.pass(3_500);
  const [, , trunk, , opening] = server.streams;
  expect(held()).to.deep.equal([server.streams[0], trunk, opening]);
  const [b] = trunk?.creates.filter((each) => nameOf(each) === "b") ?? [];
  trunk?.send(event(b?.watchId ?? 0n, 601n));
  await settle();
  expect(got[1]).to.deep.equal([601n]);
});

test("the connection is live where all that is left is a watch that was kept", async () => {
  const { found, others } = await keeping(["a"]);
  const { server, platform, etcd } = found;
  server.streams[2]?.end(lost);
  await settle();
  expect(etcd.connection.state.state).to.equal("reconnecting");
  for (const watch of others) await watch.close();
  await platform.pass(1_000);
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
