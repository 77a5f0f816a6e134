import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { oneForAll } from "../../../src/transport/one-for-all.ts";
import { reasonOf } from "../../contract/expectations.ts";

test("all who ask while it runs share a run, its failure too; who asks later has another", async () => {
  let runs = 0;
  const ask = oneForAll(async (fails: boolean) => {
    const run = ++runs;
    await Promise.resolve();
    if (fails) throw new Error(`run ${run}`);
    return run;
  });
  expect(await Promise.all([ask(false), ask(false), ask(true)])).to.deep.equal([1, 1, 1]);
  const failures = await Promise.all([reasonOf(ask(true)), reasonOf(ask(false))]);
  expect(failures.map(String)).to.deep.equal(["Error: run 2", "Error: run 2"]);
  expect(await ask(false)).to.equal(3);
});

test("a run that is never heard of again is made anew by those who wait, once for all of them", async () => {
  let runs = 0;
  const ask = oneForAll(async () => {
    const run = ++runs;
    await (run === 1 ? new Promise(() => {}) : setTimeout(20));
    return run;
  }, 100);
  void ask();
  expect(await Promise.all([ask(), ask(), ask()])).to.deep.equal([2, 2, 2]);
  expect(await ask()).to.equal(3);
});
