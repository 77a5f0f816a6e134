import { suite, test } from "node:test";
import { expect } from "chai";
import { afterSleep, throughSleep } from "../../../src/platform/clock.ts";
import { createFakePlatform } from "../support/fake-platform.ts";

suite("throughSleep() reads", () => {
  const rows: readonly { what: string; steady: number[]; wall: number[]; reads: number[] }[] = [
    { what: "the steady clock", steady: [5, 15, 1_015], wall: [9_000, 9_010, 10_010], reads: [5, 15, 1_015] },
    { what: "sleep as time", steady: [5, 6, 7], wall: [9_000, 69_001, 69_002], reads: [5, 60_006, 60_007] },
    { what: "each sleep", steady: [0, 0, 0], wall: [0, 1_000, 3_000], reads: [0, 1_000, 3_000] },
    { what: "a wall clock set back as nothing", steady: [5, 15, 25], wall: [9_000, 10, 20], reads: [5, 15, 25] },
    { what: "sleep after that", steady: [5, 15, 25], wall: [9_000, 10, 60_020], reads: [5, 15, 60_025] },
    { what: "clocks that drift as one", steady: [0, 1_000, 2_000], wall: [0, 1_200, 2_400], reads: [0, 1_000, 2_000] },
    { what: "coarse clocks without a sum", steady: [0, 9, 19, 29], wall: [0, 100, 100, 200], reads: [0, 9, 19, 29] },
  ];
  for (const { what, steady, wall, reads } of rows) {
    test(what, () => {
      const moments = steady.map((ms, i) => ({ steady: ms, wall: wall[i] ?? 0 }));
      let [moment] = moments;
      const now = throughSleep(
        () => moment?.steady ?? 0,
        () => moment?.wall ?? 0,
      );
      const readAt = (at: (typeof moments)[number]): number => {
        moment = at;
        return now();
      };
      expect(moments.map(readAt)).to.deep.equal(reads);
    });
  }
});

test("afterSleep() tells of sleep within two seconds, once, and nothing of a late timer", async () => {
  const platform = createFakePlatform();
  let [slept, times] = [0, 0];
  const stop = afterSleep(
    platform,
    () => platform.now() - slept,
    () => times++,
  );
  platform.freeze(60_000);
  await platform.pass(10_000);
  expect(times).to.equal(0);
  platform.freeze(60_000);
  slept = 60_000;
  await platform.pass(2_000);
  expect(times).to.equal(1);
  await platform.pass(10_000);
  expect(times).to.equal(1);
  stop();
  expect(platform.timers).to.equal(0);
});
