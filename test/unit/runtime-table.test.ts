import { test } from "node:test";
import { expect } from "chai";
import { readTable } from "../matrix/readme-table.ts";
import { rows } from "../matrix/rows.ts";

test("the README's table of runtimes has the rows of the matrix, each with every case passed", async () => {
  const table = await readTable();
  const name = ({ runtime, protocol }: { runtime: string; protocol: string }): string => `${runtime}, ${protocol}`;
  expect(table.map(name)).to.deep.equal(rows.map(name));
  for (const row of table) {
    expect(row.passed, name(row)).to.equal(row.cases);
    expect(row.cases, name(row)).to.be.above(0);
    expect(row.version, name(row)).to.match(/\d/);
  }
});
