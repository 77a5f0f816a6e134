import { test } from "node:test";
import { expect } from "chai";
import { placeFigures } from "../../bench/figures-in-readme.ts";
import { formatFigure, median, Samples } from "../../bench/samples.ts";
import { formatTable } from "../../bench/table.ts";

test("a cell is the median of the rounds with the median of each round's ratio to the bare stub", () => {
  const samples = new Samples();
  for (const figure of [1, 2, 4]) samples.add("Connect stub", figure);
  for (const figure of [3, 4, 8]) samples.add("etcd-web", figure);
  expect(samples.cell("etcd-web", String)).to.equal("4 (×2.00)");
  expect(samples.cell("Connect stub", String)).to.equal("2");
  expect(samples.cell("etcd3", String)).to.equal("–");
});

test("the median of an even number is between the two in the middle", () => {
  expect(median([4, 1, 3, 2])).to.equal(2.5);
});

test("a figure has three digits that count", () => {
  expect([1.234, 23.46, 345.6, 12_345].map(formatFigure)).to.deep.equal(["1.23", "23.5", "346", "12,300"]);
});

test("a table is Markdown", () => {
  const table = formatTable({ title: "T", columns: ["", "ms"], rows: [["etcd3", "1"]] });
  expect(table).to.equal("### T\n\n|       | ms |\n| ----- | -- |\n| etcd3 | 1  |");
});

test("figures take the place of those before, and nothing else changes", () => {
  const once = placeFigures("# A\n\n## Licence\n", "old $& figures");
  expect(once).to.match(/^# A\n\n## Figures\n\n<!-- .* -->\n\nold \$& figures\n\n<!-- .* -->\n\n## Licence\n$/);
  const changed = once.replace("old $& figures", () => "new");
  expect(placeFigures(once, "new")).to.equal(changed);
});
