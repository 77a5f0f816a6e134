import { test } from "node:test";
import { expect } from "chai";
import { afterCut, afterTrial, type Rotation, windowOf } from "../../../src/watch/rotation.ts";
import { settle } from "../support/fake-platform.ts";
import type { ServerStream } from "../support/scripted-etcd.ts";
import { confirm, event, lost, scene, startsOf } from "../support/watch-scene.ts";

const rows: readonly [name: string, livedMs: readonly number[], ageMs: number | undefined, proven: boolean][] = [
  ["nothing", [], undefined, false],
  ["one cut", [15_000], undefined, false],
  ["two at the same age", [15_000, 15_020], 15_000, false],
  ["two within a tenth", [60_000, 54_000], 54_000, false],
  ["two further apart than a tenth", [60_000, 53_900], undefined, false],
  ["two short ones within a quarter of a second", [1_200, 1_440], 1_200, false],
  ["three at the same age", [15_000, 15_020, 14_990], 14_990, true],
  ["three at the same age, which is no proxy's", [1_200, 1_300, 1_250, 1_200], 1_200, false],
  ["the same age, but not in a row", [15_000, 40_000, 15_000], undefined, false],
  ["a server that ends every stream at once", [0, 10, 900, 950], undefined, false],
  ["trouble after the rule was learned", [15_000, 15_000, 4_000, 300], 15_000, false],
  ["another rule", [15_000, 15_000, 15_000, 5_000, 5_000], 5_000, false],
];

for (const [name, livedMs, ageMs, proven] of rows) {
  test(`afterCut(): ${name}`, () => {
    const rotation = livedMs.reduce<Rotation>(afterCut, {});
    expect([rotation.ageMs, rotation.proven ?? false]).to.deep.equal([ageMs, proven]);
  });
}

test("windowOf() ends before the cut, and begins early enough for a bookmark to fall into it", () => {
  expect([2_000, 15_000, 60_000, 3_600_000].map((ageMs) => windowOf({ ageMs }))).to.deep.equal([
    { fromMs: 1_000, untilMs: 1_700 },
    { fromMs: 7_500, untilMs: 13_500 },
    { fromMs: 30_000, untilMs: 55_000 },
    { fromMs: 3_565_000, untilMs: 3_595_000 },
  ]);
  expect(windowOf({ lastMs: 15_000 })).to.equal(undefined);
});

test("afterTrial() drops a rule that was outlived, or could not be shown twice; a cut that shows it counts anew", () => {
  const rule = { lastMs: 15_000, ageMs: 15_000 };
  const missed = afterTrial(rule, false);
  expect(afterTrial(rule, true)).to.deep.equal({});
  expect(missed.ageMs).to.equal(15_000);
  expect(afterTrial(missed, false)).to.deep.equal({});
  expect(afterTrial(afterCut(missed, 4_000), false)).to.deep.equal({});
  expect(afterTrial(afterCut(missed, 15_000), false).ageMs).to.equal(15_000);
});

/** A watch behind a proxy that cuts streams at 15 seconds, and where bookmarks or events come so often. */
function cutting(
  cutMs = () => 15_000,
  everyMs = 10_000,
): ReturnType<typeof scene> & {
  readonly got: readonly (bigint | string)[];
  readonly states: string[];
  /** Lets so much time pass, in which the store moves on every second. */
  run(seconds: number): Promise<void>;
} {
  const found = scene();
  const { server, platform, etcd, follow } = found;
  const { got } = follow("a");
  const states: string[] = [];
  etcd.connection.subscribe(() => states.push(etcd.connection.state.state));
  const born = new Map<ServerStream, number>();
  const step = async (): Promise<void> => {
    await platform.pass(0);
    for (const stream of server.streams) {
      if (!born.has(stream)) {
        born.set(stream, platform.now());
        confirm(stream, server.revision);
      }
    }
    await settle();
    server.revision++;
    for (const stream of found.held()) {
      const age = platform.now() - (born.get(stream) ?? 0);
      if (age >= cutMs()) stream.end(lost);
      else if (age % everyMs === 0 && age > 0) stream.send({ watchId: 1n, header: { revision: server.revision } });
    }
  };
  return {
    ...found,
    got,
    states,
    async run(seconds) {
      for (let i = 0; i < seconds * 10; i++) {
        await step();
        await platform.pass(100);
      }
    },
  };
}

test("behind a proxy that cuts at an age, streams are replaced before it after two cuts, and nothing shows of it", async () => {
  const { server, etcd, states, run, held } = cutting();
  await run(33);
  expect(states.filter((state) => state === "reconnecting").length).to.equal(2);
  expect(server.streams.length).to.equal(3);
  states.length = 0;
  await run(120);
  expect([states, etcd.connection.state.state]).to.deep.equal([[], "live"]);
  expect(server.streams.length).to.be.within(10, 16);
  // Each goes on from the bookmark just before: nothing is sent twice.
  const starts = server.streams.slice(3).flatMap(startsOf);
  expect(new Set(starts).size).to.equal(starts.length);
  // The first one replaced was kept to see whether it is cut; after that one stream is enough.
  expect(held().length).to.equal(1);
});

test("events come whole and once while streams are replaced before they are cut", async () => {
  const { server, got, held, run } = cutting();
  await run(33);
  const expected: bigint[] = [];
  for (let i = 0; i < 40; i++) {
    await run(1);
    server.revision++;
    expected.push(server.revision);
    for (const stream of held()) stream.send(event(1n, server.revision));
  }
  await run(1);
  expect(got).to.deep.equal(expected);
});

for (const everyMs of [10_000, 500]) {
  test(`where something comes every ${everyMs} ms, a stream that outlives the age at which others were cut ends the rule`, async () => {
    let cutMs = 15_000;
    const { server, run } = cutting(() => cutMs, everyMs);
    await run(33);
    cutMs = Number.POSITIVE_INFINITY;
    await run(30);
    const { length } = server.streams;
    await run(300);
    expect(server.streams.length).to.equal(length);
  });
}

test("trouble that comes evenly for a while is not taken for a rule for ever", async () => {
  let cutMs = 1_200;
  const { server, run } = cutting(() => cutMs, 500);
  await run(8);
  expect(server.streams.length).to.be.greaterThan(4);
  cutMs = Number.POSITIVE_INFINITY;
  await run(30);
  const { length } = server.streams;
  await run(300);
  expect(server.streams.length).to.equal(length);
});

test("where something comes twice a second, a rule that holds is seen to, and nothing shows of it", async () => {
  const { states, run, held } = cutting(undefined, 500);
  await run(33);
  states.length = 0;
  await run(120);
  expect([states, held().length]).to.deep.equal([[], 1]);
});

test("a rule that cannot be shown, because others come, is dropped", async () => {
  let cutMs = 15_000;
  const { server, follow, run } = cutting(() => cutMs, 500);
  await run(33);
  cutMs = Number.POSITIVE_INFINITY;
  const come = async (many: number): Promise<void> => {
    for (let i = 0; i < many; i++) {
      follow(`${server.streams.length}`, { startRevision: server.revision });
      await run(13);
    }
  };
  await come(5);
  const { length } = server.streams;
  await come(5);
  // One for who comes, and one of all when it is quiet.
  expect(server.streams.length - length).to.equal(2 * 5);
});
