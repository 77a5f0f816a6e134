import { after, suite, test } from "node:test";
import { expect } from "chai";
import { Counts } from "./counts.ts";
import { differ } from "./differ.ts";
import { kinds } from "./programs.ts";

const operations = 50_000;
const names = Object.keys(kinds);

suite("memory answers like etcd 3.7", { concurrency: true }, () => {
  const counts = new Counts();
  const seed = Math.trunc(Math.random() * 2 ** 31);
  for (const name of names) {
    test(`${name} programs, seed ${seed}`, { timeout: 400_000 }, () =>
      differ(name, seed, operations / names.length, counts),
    );
  }
  // What comes up seldom may need more programs than a run has.
  after(
    async () => {
      for (let more = 1; more <= 10 && counts.missing.length > 0; more++) {
        for (const name of names) await differ(name, seed + more, operations / names.length / 10, counts);
      }
      console.log(`${counts.sum} operations, seed ${seed}\n${counts}`);
      expect(counts.missing).to.deep.equal([]);
    },
    { timeout: 400_000 },
  );
});
