import { test } from "node:test";
import { expect } from "chai";
import { judge } from "../../../src/watch/liveness.ts";
import { type Plan, plan, type Sizes } from "../../../src/watch/plan.ts";

const none: Sizes = { trunk: undefined, young: undefined, waiting: 0, dead: 0, kept: 0, quiet: false, worn: false };

const rows: readonly [name: string, sizes: Partial<Sizes>, Plan][] = [
  ["nobody", {}, "nothing"],
  ["the first ones", { waiting: 3 }, "all"],
  ["all are well", { trunk: 3 }, "nothing"],
  ["one comes to many", { trunk: 100, waiting: 1 }, "young"],
  ["one comes to one", { trunk: 1, waiting: 1 }, "young"],
  ["another comes to few", { trunk: 1, young: 1, waiting: 1 }, "all"],
  ["many come to many", { trunk: 100, waiting: 15 }, "all"],
  ["the young have become many", { trunk: 100, young: 14, waiting: 1 }, "all"],
  ["the young are few yet", { trunk: 100, young: 13, waiting: 1 }, "young"],
  ["some have gone", { trunk: 10, dead: 10 }, "nothing"],
  ["more have gone than are there", { trunk: 10, dead: 11 }, "all"],
  ["some have gone, and it is quiet", { trunk: 10, dead: 1, quiet: true }, "all"],
  ["there are young ones, and it is quiet", { trunk: 10, young: 1, quiet: true }, "all"],
  ["it is quiet", { trunk: 10, quiet: true }, "nothing"],
  ["a stream may be dead", { trunk: 10, worn: true }, "all"],
  ["one comes while some are kept", { trunk: 100, waiting: 1, kept: 1 }, "young"],
  ["one comes while two streams are kept", { trunk: 100, waiting: 1, kept: 2 }, "all"],
  ["some are kept, and it is quiet", { trunk: 10, kept: 2, quiet: true }, "nothing"],
];

for (const [name, sizes, expected] of rows) {
  test(`plan(): ${name}`, () => {
    expect(plan({ ...none, ...sizes })).to.equal(expected);
  });
}

test("plan() makes watches that come one by one cost some √(2n) re-sent creates each, and √2 times that at most", () => {
  for (const n of [100, 1000, 10_000]) {
    expect(resent(n) / n, String(n)).to.be.below(1.5 * Math.sqrt(2 * n));
  }
});

/** Creates sent for `n` watches of which each is open before the next comes, beyond the n that must be. */
function resent(n: number): number {
  let [trunk, young, sent] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const sizes = { ...none, trunk: trunk || undefined, young: young || undefined, waiting: 1 };
    if (plan(sizes) === "all") [trunk, young] = [trunk + young + 1, 0];
    else young++;
    sent += young === 0 ? trunk : young;
  }
  return sent - n;
}

test("judge() waits for three bookmarks where the server sends them, else asks; a stream that never answered is dead", () => {
  const table = [
    [{ answered: true, progressMs: 10_000 }, 34_999, "fine"],
    [{ answered: true, progressMs: 10_000 }, 35_000, "dead"],
    [{ answered: true, progressMs: 1_000 }, 5_300, "dead"],
    [{ answered: true, progressMs: undefined }, 44_999, "fine"],
    [{ answered: true, progressMs: undefined }, 45_000, "probe"],
    [{ answered: true, progressMs: 600_000 }, 45_000, "probe"],
    [{ answered: false, progressMs: undefined }, 14_999, "fine"],
    [{ answered: false, progressMs: undefined }, 15_000, "dead"],
  ] as const;
  for (const [silence, ms, kind] of table) {
    expect(judge({ aliveAt: 1000, ...silence }, 1000 + ms).kind, JSON.stringify([silence, ms])).to.equal(kind);
  }
  expect(judge({ aliveAt: 1000, answered: true, progressMs: 10_000 }, 2000)).to.deep.equal({
    kind: "fine",
    lookAgainMs: 34_000,
  });
});
