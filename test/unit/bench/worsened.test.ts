import { test } from "node:test";
import { expect } from "chai";
import { Comparison } from "../../bench/comparison.ts";
import type { Column, Table } from "../../bench/table.ts";
import { worsened } from "../../bench/worsened.ts";

/** The ratio of a row to the bare stub. */
function table(ratio: number | undefined, better: Column["better"], row = "etcd-web"): Table {
  const comparison = new Comparison({ title: "T", columns: { figure: better }, rows: [row, "Connect stub"] });
  comparison.add("Connect stub", { figure: 10 });
  comparison.add(row, { figure: ratio && 10 * ratio });
  return comparison.table;
}

const cases = [
  { says: "milliseconds that are as they were", before: 1, after: 1, better: "less", worse: false },
  { says: "milliseconds within a fifth", before: 1, after: 1.19, better: "less", worse: false },
  { says: "more milliseconds", before: 1, after: 1.21, better: "less", worse: true },
  { says: "half the milliseconds", before: 1, after: 0.5, better: "less", worse: false },
  { says: "a rate within a fifth", before: 2, after: 1.65, better: "more", worse: false },
  { says: "a lower rate", before: 2, after: 1.55, better: "more", worse: true },
  { says: "a rate that has doubled", before: 2, after: 4, better: "more", worse: false },
  { says: "a figure that nothing is said of", before: 1, after: 9, better: undefined, worse: false },
  { says: "a figure that was not recorded", before: undefined, after: 9, better: "less", worse: false },
  { says: "a figure that is not tried any more", before: 1, after: undefined, better: "less", worse: false },
] as const;

for (const { says, before, after, better, worse } of cases) {
  test(`${says}: ${worse ? "worse" : "not worse"}`, () => {
    expect(worsened("name", table(before, better), table(after, better))).to.have.length(worse ? 1 : 0);
  });
}

test("others may grow worse", () => {
  expect(worsened("name", table(1, "less", "etcd3"), table(9, "less", "etcd3"))).to.deep.equal([]);
});

test("what is worse is named, with both ratios", () => {
  expect(worsened("calls", table(1, "less"), table(1.5, "less"))).to.deep.equal([
    "calls: figure of etcd-web is ×1.50 of Connect stub; recorded is ×1.00",
  ]);
});
