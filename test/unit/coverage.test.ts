import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { expect } from "chai";
import { contract } from "../contract/contract.ts";
import { features } from "../contract/coverage.ts";

const repository = join(import.meta.dirname, "../..");

test("every feature of Go's client is held by cases that there are, or is said not to apply", () => {
  const names = contract.map(({ name }) => name);
  for (const each of features) {
    const cases = "cases" in each ? each.cases : [];
    const files = "files" in each ? (each.files ?? []) : [];
    for (const start of cases) {
      expect(
        names.some((name) => name.startsWith(start)),
        `${each.feature}: no case begins with "${start}"`,
      ).to.equal(true);
    }
    for (const file of files) expect(existsSync(join(repository, file)), `${each.feature}: no ${file}`).to.equal(true);
    if ("notHere" in each) expect(each.notHere).not.to.equal("");
    else expect(cases.length + files.length, each.feature).to.be.above(0);
  }
});
