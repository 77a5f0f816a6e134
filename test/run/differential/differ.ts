import fc from "fast-check";
import { check } from "./check.ts";
import type { Counts } from "./counts.ts";
import type { Program } from "./program.ts";
import { kinds } from "./programs.ts";
import { startPair } from "./targets.ts";

const programsARound = 20;

/** Runs programs of one kind on a pair of its own until so many operations have run. */
export async function differ(kind: string, seed: number, operations: number, counts: Counts): Promise<void> {
  const arbitrary = kinds[kind];
  if (arbitrary === undefined) throw new Error(`There is no kind of program called ${kind}`);
  await using pair = await startPair();
  for (let round = 0, run = 0; run < operations; round++) {
    const property = fc.asyncProperty(arbitrary, async (program) => {
      run += program.length;
      await check(pair, program, counts);
    });
    await fc.assert(property, { seed: seed + round, numRuns: programsARound });
  }
}

/** Runs fixed programs on a pair of their own. */
export async function differOn(programs: readonly Program[], counts: Counts): Promise<void> {
  await using pair = await startPair();
  for (const program of programs) await check(pair, program, counts);
}
