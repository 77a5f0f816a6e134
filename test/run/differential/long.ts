import { parseArgs } from "node:util";
import { Counts } from "./counts.ts";
import { differ } from "./differ.ts";
import { kinds } from "./programs.ts";

const { values } = parseArgs({
  options: {
    operations: { type: "string", default: "2000000" },
    seed: { type: "string", default: String(Math.trunc(Math.random() * 2 ** 31)) },
    kind: { type: "string", multiple: true, default: Object.keys(kinds) },
  },
});

process.exitCode = (await main()) ? 0 : 1;

/** Programs of each kind side by side, until so many operations have run or two answers differ. */
async function main(): Promise<boolean> {
  const seed = Number(values.seed);
  const counts = new Counts();
  const begun = performance.now();
  const each = Number(values.operations) / values.kind.length;
  const progress = setInterval(() => console.log(`${counts.sum} operations after ${seconds(begun)} s`), 60_000);
  const results = await Promise.allSettled(values.kind.map((kind) => differ(kind, seed, each, counts)));
  clearInterval(progress);
  const errors = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  for (const error of errors) console.log(error);
  console.log(`${counts}\n${counts.sum} operations in ${seconds(begun)} s, seed ${seed}, ${errors.length} differences`);
  for (const cell of counts.missing) console.log(`never: ${cell}`);
  return errors.length === 0 && counts.missing.length === 0;
}

function seconds(begun: number): string {
  return ((performance.now() - begun) / 1000).toFixed(0);
}
