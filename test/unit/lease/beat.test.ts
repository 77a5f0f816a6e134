import { test } from "node:test";
import { expect } from "chai";
import { answered, type Beat, failed, overAt, sent, underWay, unknown } from "../../../src/lease/beat.ts";

const beat = answered(1_000, 60_000);

test("answered() is due a third of the time to live after the request, and rides along from a sixth", () => {
  expect([beat.dueAt, beat.rideAt]).to.deep.equal([21_000, 11_000]);
});

test("overAt() counts from when the last sign of life was sent, whatever was sent since", () => {
  const tried = failed(sent(beat, 21_000), 22_000);
  expect([overAt(beat), overAt(tried), overAt(answered(22_000, 60_000))]).to.deep.equal([61_000, 61_000, 82_000]);
});

test("unknown() is due at once and never over", () => {
  expect([unknown(1_000).dueAt, overAt(unknown(1_000)), overAt(failed(sent(unknown(0), 1_000), 2_000))]).to.deep.equal([
    1_000,
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
});

test("sent() is due again after a sixth of the time to live, from 1 to 10 seconds", () => {
  const waits = [2, 6, 30, 60, 3600].map((seconds) => sent(answered(0, seconds * 1000), 500).dueAt - 500);
  expect(waits).to.deep.equal([1_000, 1_000, 5_000, 10_000, 10_000]);
  expect(sent(unknown(0), 500).dueAt).to.equal(10_500);
});

test("sent() does not ride along while it is under way", () => {
  expect(sent(beat, 21_000).rideAt).to.equal(31_000);
});

test("failed() is soon due, and later after each further failure, never beyond a sixth or 10 seconds", () => {
  const waits = (first: Beat): readonly number[] =>
    [1, 2, 3, 4, 5, 6, 7, 8].map((failures) => failed({ ...first, failures: failures - 1 }, 5_000).dueAt - 5_000);
  expect(waits(beat)).to.deep.equal([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  expect(waits(answered(0, 6_000))).to.deep.equal([250, 500, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000]);
  expect(waits(unknown(0))).to.deep.equal([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

test("underWay() waits for the sign of life that is under way, not longer than what the answer gives", () => {
  const waiting = sent(beat, 21_000);
  const known = underWay(answered(-39_000, 60_000), waiting);
  expect([known.dueAt, known.rideAt, known.sentAt, overAt(known)]).to.deep.equal([31_000, 31_000, 21_000, 21_000]);
  expect(underWay(answered(25_000, 60_000), waiting).dueAt).to.equal(45_000);
});
