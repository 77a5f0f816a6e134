import { test } from "node:test";
import { expect } from "chai";
import { type Beat, leftMs, nextBeatMs } from "../../../src/lease/beat.ts";

const beat = (failures: number): Beat => ({ aliveAt: 1000, ttlMs: 60_000, failures });

test("nextBeatMs() is a third of the time to live after the last sign of life", () => {
  expect(nextBeatMs(beat(0), 1000)).to.equal(20_000);
  expect(nextBeatMs(beat(0), 6000)).to.equal(15_000);
  expect(nextBeatMs(beat(0), 50_000)).to.equal(0);
});

test("nextBeatMs() is soon after a failure, and later after each further one, never beyond a sixth", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 20].map((failures) => nextBeatMs(beat(failures), 30_000));
  expect(waits).to.deep.equal([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
});

test("leftMs() counts from when the last sign of life was sent, not from when it was answered", () => {
  expect([leftMs(beat(0), 1000), leftMs(beat(9), 60_999), leftMs(beat(0), 61_000), leftMs(beat(0), 1e9)]).to.deep.equal(
    [60_000, 1, 0, 0],
  );
});
