import { test } from "node:test";
import { expect } from "chai";
import { Comparison } from "../../bench/comparison.ts";
import { formatFigure, median } from "../../bench/samples.ts";
import { formatSummary } from "../../bench/summary.ts";
import { formatTable, type Table } from "../../bench/table.ts";

function compare(figures: Readonly<Record<string, readonly number[]>>, column = "ms"): Table {
  const comparison = new Comparison({ title: "T", columns: { [column]: "less" }, rows: Object.keys(figures) });
  for (const [row, rounds] of Object.entries(figures))
    for (const figure of rounds) comparison.add(row, { [column]: figure });
  return comparison.table;
}

test("a cell says the median of each round's ratio to the bare stub, then the median of the rounds and their spread", () => {
  const table = compare({ "etcd-web": [3.5, 4.5, 8], "Connect stub": [1.75, 2, 4], etcd3: [], "Go client": [2, 2, 2] });
  const lines = formatTable(table).split("\n").slice(4);
  expect(lines).to.deep.equal([
    "| etcd-web     | ×2.00 · 4.50 [3.50–8.00] |",
    "| Connect stub | 2.00 [1.75–4.00]         |",
    "| etcd3        | –                        |",
    "| Go client    | ×1.00 · 2                |",
  ]);
});

test("a figure of a row that is not there is refused", () => {
  const comparison = new Comparison({ title: "T", columns: { ms: "less" }, rows: ["etcd3"] });
  expect(() => comparison.add("etcd4", { ms: 1 })).to.throw("T has no row etcd4");
});

test("the median of an even number is between the two in the middle", () => {
  expect(median([4, 1, 3, 2])).to.equal(2.5);
});

test("a figure has three digits that count", () => {
  expect([1.234, 23.46, 345.6, 12_345].map(formatFigure)).to.deep.equal(["1.23", "23.5", "346", "12,300"]);
});

test("the short table has the lines whose figures are there, with their ratios to each of the others", () => {
  const samples = { "etcd-web": [2], "Connect stub": [1], "JSON gateway": [4], "JSON gateway, Envoy": [8], etcd3: [] };
  const calls = compare(samples, "get");
  expect(formatSummary({ calls }).split("\n").slice(2)).to.deep.equal([
    "| one get, ms | 2.00     | ×2.00            | ×0.50               | ×0.25          | –        | –              |",
  ]);
});
