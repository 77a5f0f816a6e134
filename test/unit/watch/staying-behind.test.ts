import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import { settle } from "../support/fake-platform.ts";
import { handingOver, idOn, keeping, nameOf } from "../support/hand-over.ts";
import { confirm, event, lost } from "../support/watch-scene.ts";

const refused = new ConnectError("too many requests", Code.ResourceExhausted);

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
  const idOfA = idOn(server.streams[3], "a");
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
    expect(held().length).to.equal(1 + kept.length);
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
      const id = idOn(last, key);
      last?.send(event(id, 700n));
      await settle();
      expect(got, key).to.deep.equal([700n]);
    }
    for (const [i] of kept.entries()) server.streams[i]?.send(event(1n, 800n));
    await settle();
    expect(got.slice(0, kept.length)).to.deep.equal(kept.map(() => [800n]));
  });
}

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

test("who comes just after a hand-over found watches of both streams compacted finds room too", async () => {
  const { found, got, after, idOf } = await handingOver(["z", "y", "x"]);
  const { server, platform, follow, held } = found;
  confirm(after, 510n);
  for (const key of ["a", "b"]) after?.send({ watchId: idOf(key), canceled: true, compactRevision: 500n });
  await platform.pass(0);
  const late = follow("late", { startRevision: 511n });
  await platform.pass(400);
  // The two that stay, and one of everybody else; the scene counts connections after each step.
  expect(held()).to.deep.equal([...server.streams.slice(0, 2), server.streams[3]]);
  confirm(server.streams[3], 510n);
  await platform.pass(1_000);
  for (const [i, stream] of server.streams.slice(0, 2).entries()) stream.send(event(1n, 600n + BigInt(i)));
  server.streams[3]?.send(event(idOn(server.streams[3], "late"), 602n));
  await settle();
  expect([...got, late.got]).to.deep.equal([[600n], [601n], [602n]]);
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

test("while no stream can be opened a watch that was kept goes on, and its events bring one try a minute", async () => {
  const { found, got } = await keeping(["a"]);
  const { server, platform, etcd, held } = found;
  const staying = [...held()];
  const { length } = server.streams;
  const states: string[] = [];
  etcd.connection.subscribe(() => states.push(etcd.connection.state.state));
  for (let i = 0n; i < 100n; i++) {
    server.streams[0]?.send(event(1n, 600n + i));
    await platform.pass(100);
    for (const stream of held()) if (!staying.includes(stream)) stream.end(refused);
  }
  expect([got[0]?.length, states, held()]).to.deep.equal([100, [], staying]);
  expect(server.streams.length - length).to.equal(1);
  await platform.pass(55_000);
  confirm(server.streams.at(-1), 700n);
  await platform.pass(1_000);
  expect(held()).to.deep.equal(server.streams.slice(-1));
});
