import { after, suite, test } from "node:test";
import { expect } from "chai";
import { Counts } from "./counts.ts";
import { differ, differOn } from "./differ.ts";
import { tours } from "./tour.ts";

/** How many operations of each kind; etcd takes its time to forget history. */
const operations = { plain: 20_000, users: 20_000, compacting: 10_000 };
const patience = { timeout: 900_000 };

suite("memory answers like etcd 3.7", { concurrency: true }, () => {
  const counts = new Counts();
  const seed = Math.trunc(Math.random() * 2 ** 31);
  for (const [kind, times] of Object.entries(operations))
    test(`${kind} programs, seed ${seed}`, patience, () => differ(kind, seed, times, counts));
  test("every answer that programs drawn at random bring seldom", patience, () => differOn(tours, counts));
  after(() => {
    console.log(`${counts.sum} operations, seed ${seed}\n${counts}`);
    expect(counts.missing).to.deep.equal([]);
  });
});
