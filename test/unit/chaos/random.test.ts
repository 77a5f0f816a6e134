import { test } from "node:test";
import { expect } from "chai";
import { type FaultKind, faults, planFaults } from "../../chaos/faults.ts";
import { seededRandom } from "../../chaos/random.ts";
import { planWatch } from "../../chaos/watch-plan.ts";

test("seededRandom() repeats its choices, and other seeds make others", () => {
  const draw = (seed: string): number[] => Array.from({ length: 20 }, seededRandom(seed).next);
  expect(draw("a")).to.deep.equal(draw("a"));
  expect(draw("a")).not.to.deep.equal(draw("b"));
});

test("fork() gives choices that do not depend on what others have drawn", () => {
  const drawn = seededRandom("a");
  for (let i = 0; i < 10; i++) drawn.next();
  expect(drawn.fork("x").next()).to.equal(seededRandom("a").fork("x").next());
});

test("planFaults() has every kind before it has one twice", () => {
  const kinds = Object.keys(faults) as FaultKind[];
  const plan = planFaults(seededRandom("a"), 2 * kinds.length);
  expect(new Set(plan.slice(0, kinds.length))).to.deep.equal(new Set(kinds));
  expect(planFaults(seededRandom("a"), 5)).to.deep.equal(plan.slice(0, 5));
});

test("planWatch() is the seed's", () => {
  expect(planWatch(seededRandom("a"), false)).to.deep.equal(planWatch(seededRandom("a"), false));
});
