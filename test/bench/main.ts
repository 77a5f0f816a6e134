import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { runCommand } from "../fixtures/run-command.ts";
import { writeDocuments } from "./documents.ts";
import { describeMachine } from "./machine.ts";
import { measureAlone } from "./measure-alone.ts";
import type { Measurement } from "./measurement.ts";
import { measurements } from "./measurements/measurements.ts";
import { type Recorded, readRecorded, writeRecorded } from "./recorded.ts";
import { formatTable, type Table } from "./table.ts";
import { worsened } from "./worsened.ts";

process.exitCode = await main();

/** Words narrow the run to the measurements whose name holds one of them. */
async function main(): Promise<number> {
  const flag = { type: "boolean", default: false } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: "string", default: "3" },
      minutes: { type: "string", default: "5" },
      write: flag,
      check: flag,
    },
  });
  const [rounds, minutes] = [Number(values.rounds), Number(values.minutes)];
  const chosen = measurements.filter(
    ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
  );
  if (chosen.length === 0 || !(rounds >= 1)) {
    console.log(
      `npm run bench -- [${measurements.map(({ name }) => name).join(" ")}] [--rounds 3] [--minutes 5] [--write] [--check]`,
    );
    return 1;
  }
  const run = { machine: await describeMachine(), commit: await readCommit(), rounds }; // before anybody commits more
  console.log(run.machine);
  const recorded = await readRecorded();
  const tables: Record<string, Table> = {};
  const complaints: string[] = [];
  for (const [i, measurement] of chosen.entries()) {
    const measure = (): Promise<Table> =>
      measureAlone(measurement, { rounds, minutes }, `${i + 1} of ${chosen.length}`);
    const table = await measure();
    console.log(`\n${formatTable(table)}`);
    tables[measurement.name] = table;
    if (values.check) complaints.push(...(await findWorse(measurement, recorded, table, measure)));
  }
  if (values.write) await record(recorded, tables, run);
  if (values.check) console.log(complaints.length > 0 ? complaints.join("\n") : "No ratio is worse than recorded.");
  return complaints.length > 0 ? 1 : 0;
}

/** What is worse twice: a machine has bad moments. */
async function findWorse(
  { name }: Measurement,
  recorded: Recorded,
  first: Table,
  again: () => Promise<Table>,
): Promise<readonly string[]> {
  const before = recorded.tables[name];
  if (before === undefined) console.log(`Nothing is recorded to hold ${name} against: run it with --write.`);
  if (before === undefined || worsened(name, before, first).length === 0) return [];
  const twice = worsened(name, before, await again());
  return twice.map((each) => `WORSE ${each}`);
}

/** Measurements that were not run keep their figures. */
async function record(
  before: Recorded,
  tables: Readonly<Record<string, Table>>,
  { machine, commit, rounds }: { readonly machine: string; readonly commit: string; readonly rounds: number },
): Promise<void> {
  const entries = measurements.flatMap(({ name }) => {
    const table = tables[name];
    const entry = table ? { ...table, commit, rounds } : before.tables[name];
    return entry ? [[name, entry] as const] : [];
  });
  const recorded = { machine, tables: Object.fromEntries(entries) };
  await writeRecorded(recorded);
  await writeDocuments(recorded);
}

async function readCommit(): Promise<string> {
  const repository = join(import.meta.dirname, "../..");
  return (await runCommand("git", ["rev-parse", "--short", "HEAD"], { cwd: repository })).trim();
}
