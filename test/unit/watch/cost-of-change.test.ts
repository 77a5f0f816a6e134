import { test } from "node:test";
import { expect } from "chai";
import type { Watch } from "../../../src/index.ts";
import { confirm, type Scene, scene } from "../support/watch-scene.ts";

// A set of watches that changes needs a new body, in which the others are sent again: counted as the server sees them.

test("watches that come one after another cost some √(2n) creates each", async () => {
  const { open, sent, end } = await start();
  const n = 100;
  for (let i = 0; i < n; i++) await open(1);
  expect(sent()).to.be.within(n, n * 1.5 * Math.sqrt(2 * n));
  await end();
});

test("watches that come together cost one create each, and those that come meanwhile go together too", async () => {
  const { open, come, settleAll, sent, end } = await start();
  await open(500);
  expect(sent()).to.equal(500);
  // All in one time of quiet: while one stream is opened for the first of them, the others gather.
  for (let i = 0; i < 20; i++) await come(1);
  await settleAll();
  expect(sent()).to.equal(500 + 1 + 20);
  await end();
});

test("watches that go one after another cost less than one create each", async () => {
  const { open, settleAll, sent, end } = await start();
  const watches = await open(400);
  const before = sent();
  for (const watch of watches.slice(1)) {
    await watch.close();
    await settleAll();
  }
  expect(sent() - before).to.be.within(1, 399);
  await end();
});

test("a watch that comes and goes beside many costs one create, and the others are sent again once, when it is quiet", async () => {
  const { platform, open, settleAll, sent, end } = await start();
  await open(100);
  for (let i = 0; i < 50; i++) {
    const [watch] = await open(1);
    await watch?.close();
    await settleAll();
  }
  expect(sent()).to.equal(100 + 50);
  await platform.pass(4_000);
  await settleAll();
  expect(sent()).to.be.within(150, 150 + 100);
  await end();
});

interface Changing extends Pick<Scene, "platform"> {
  /** So many come together, and are open. */
  open(count: number): Promise<readonly Watch[]>;
  /** So many come, and nobody answers. */
  come(count: number): Promise<readonly Watch[]>;
  /** The server answers until nothing is asked any more. */
  settleAll(): Promise<void>;
  /** Creates so far. */
  sent(): number;
  end(): Promise<void>;
}

async function start(): Promise<Changing> {
  const { server, platform, etcd } = scene();
  let answered = 0;
  let named = 0;
  const settleAll = async (): Promise<void> => {
    await platform.pass(0);
    while (answered < server.streams.length) {
      confirm(server.streams[answered++]);
      await platform.pass(0);
    }
  };
  const come = async (count: number): Promise<readonly Watch[]> => {
    const watches = Array.from({ length: count }, () => etcd.watch(`key-${named++}`, { startRevision: 11n }));
    for (const watch of watches) void watch.opened;
    await platform.pass(0);
    return watches;
  };
  return {
    platform,
    settleAll,
    come,
    async open(count) {
      const watches = await come(count);
      await settleAll();
      await Promise.all(watches.map(({ opened }) => opened));
      return watches;
    },
    sent: () => server.streams.reduce((sum, { creates }) => sum + creates.length, 0),
    end: () => etcd.close(),
  };
}
