import { test } from "node:test";
import { expect } from "chai";
import { EndpointHealth } from "../../../src/transport/endpoint-health.ts";

/** What happens to three endpoints, and which is used afterwards. */
interface Row {
  readonly name: string;
  readonly happens: readonly (readonly [at: number, what: "failed" | "answered", endpoint: number])[];
  readonly at: number;
  readonly chosen: number;
}

const rows: readonly Row[] = [
  { name: "the first, to begin with", happens: [], at: 0, chosen: 0 },
  { name: "the same again while it answers", happens: [[0, "answered", 0]], at: 99_999, chosen: 0 },
  { name: "the next when it fails", happens: [[0, "failed", 0]], at: 0, chosen: 1 },
  {
    name: "the next that does not rest",
    happens: [
      [0, "failed", 1],
      [0, "failed", 0],
    ],
    at: 500,
    chosen: 2,
  },
  {
    name: "where all rest, the one whose rest ends first",
    happens: [
      [0, "failed", 2],
      [10, "failed", 0],
      [20, "failed", 1],
    ],
    at: 30,
    chosen: 2,
  },
  {
    name: "one that has rested, as if nothing had been",
    happens: [
      [0, "failed", 1],
      [2_000, "failed", 0],
    ],
    at: 2_000,
    chosen: 1,
  },
  {
    name: "not one that fails again and again: it rests longer each time",
    happens: [
      [0, "failed", 1],
      [1_000, "failed", 1],
      [3_000, "failed", 1],
      [6_999, "failed", 0],
    ],
    at: 6_999,
    chosen: 2,
  },
  {
    name: "calls that fail together are one failure",
    happens: [
      [0, "failed", 1],
      [1, "failed", 1],
      [2, "failed", 1],
      [1_000, "failed", 0],
    ],
    at: 1_000,
    chosen: 1,
  },
  {
    name: "an answer ends a rest",
    happens: [
      [0, "failed", 1],
      [1, "answered", 1],
      [2, "failed", 0],
    ],
    at: 2,
    chosen: 1,
  },
  {
    name: "an answer ends the lengthening too",
    happens: [
      [0, "failed", 1],
      [1_000, "failed", 1],
      [3_000, "answered", 1],
      [3_000, "failed", 1],
      [4_000, "failed", 0],
    ],
    at: 4_000,
    chosen: 1,
  },
];

for (const { name, happens, at, chosen } of rows) {
  test(`of three endpoints: ${name}`, () => {
    let now = 0;
    const health = new EndpointHealth(3, () => now);
    for (const [when, what, endpoint] of happens) {
      now = when;
      health[what](endpoint);
    }
    now = at;
    expect(health.choose()).to.equal(chosen);
    expect(health.choose()).to.equal(chosen);
  });
}

test("no rest is longer than half a minute", () => {
  let now = 0;
  const health = new EndpointHealth(2, () => now);
  for (let failures = 0; failures < 20; failures++) {
    health.failed(0);
    now += 30_000;
    expect(health.isResting(0)).to.equal(false);
  }
  health.failed(0);
  now += 29_999;
  expect(health.isResting(0)).to.equal(true);
});

test("the only endpoint is used whatever happens", () => {
  const health = new EndpointHealth(1, () => 0);
  health.failed(0);
  expect(health.choose()).to.equal(0);
  expect(health.hasOther(0)).to.equal(false);
});

test("an endpoint is proven from its first answer to its next failure; that one has been reached stays true", () => {
  const health = new EndpointHealth(2, () => 0);
  expect([health.isProven(0), health.reached]).to.deep.equal([false, false]);
  health.answered(0);
  expect([health.isProven(0), health.isProven(1), health.reached]).to.deep.equal([true, false, true]);
  health.failed(0);
  expect([health.isProven(0), health.reached]).to.deep.equal([false, true]);
});
