import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { startEnvoy } from "../fixtures/envoy.ts";
import { startEtcd } from "../fixtures/etcd.ts";
import { runCommand } from "../fixtures/run-command.ts";
import { writeDocuments } from "./documents.ts";
import { installEtcd3 } from "./etcd3-package.ts";
import { installGoClient } from "./go-client.ts";
import { describeMachine } from "./machine.ts";
import type { Measurement, Setting } from "./measurement.ts";
import { measurements } from "./measurements/measurements.ts";
import { readRecorded, writeRecorded } from "./recorded.ts";
import { formatTable, type Table } from "./table.ts";
import { worsened } from "./worsened.ts";

const begunAt = performance.now();

process.exitCode = await main();

/** Words narrow the run to the measurements whose name holds one of them. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: "string", default: "3" },
      minutes: { type: "string", default: "5" },
      write: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
    },
  });
  const chosen = measurements.filter(
    ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
  );
  if (chosen.length === 0) {
    console.log(`There is ${measurements.map(({ name }) => name).join(", ")}; not ${positionals.join(", ")}.`);
    return 1;
  }
  const [rounds, minutes] = [Number(values.rounds), Number(values.minutes)];
  const commit = await readCommit(); // before anybody commits something else
  const machine = await describeMachine();
  console.log(machine);
  const recorded = await readRecorded();
  const tables: Record<string, Table> = {};
  const complaints: string[] = [];
  for (const [i, measurement] of chosen.entries()) {
    const measureIt = (): Promise<Table> => measure(measurement, { rounds, minutes }, `${i + 1} of ${chosen.length}`);
    const table = await measureIt();
    console.log(`\n${formatTable(table)}`);
    tables[measurement.name] = table;
    if (values.check) complaints.push(...(await findWorse(measurement.name, recorded.tables, table, measureIt)));
  }
  if (values.write) {
    const own = Object.entries(tables).map(([name, table]) => [name, { ...table, commit, rounds }] as const);
    const all = { ...recorded.tables, ...Object.fromEntries(own) };
    const inOrder = measurements.flatMap(({ name }) => (all[name] ? [[name, all[name]] as const] : []));
    const now = { machine, tables: Object.fromEntries(inOrder) };
    await writeRecorded(now);
    await writeDocuments(now);
  }
  for (const complaint of complaints) console.log(`WORSE ${complaint}`);
  if (values.check && complaints.length === 0) console.log("\nNo ratio is worse than recorded by more than a fifth.");
  return complaints.length === 0 ? 0 : 1;
}

/** What is worse twice: a machine has bad moments. */
async function findWorse(
  name: string,
  recorded: Readonly<Record<string, Table>>,
  first: Table,
  again: () => Promise<Table>,
): Promise<readonly string[]> {
  const before = recorded[name];
  if (before === undefined || worsened(name, before, first).length === 0) return [];
  return worsened(name, before, await again());
}

/** On servers of its own: no measurement pays for the history of another. */
async function measure(
  measurement: Measurement,
  amount: Pick<Setting, "rounds" | "minutes">,
  turn: string,
): Promise<Table> {
  await using etcd = await startEtcd("3.7", { args: ["--cors=*"] });
  await using envoy = await startEnvoy({ etcd: [etcd.address] });
  const [etcd3, go] = [await installEtcd3(), await installGoClient()];
  const place = { envoy: envoy.url, etcd: `http://${etcd.address}`, etcd3, go };
  const say = (text: string): void => progress(`${elapsed()} ${measurement.name} (${turn}), ${text}`);
  try {
    return await measurement.measure({ place, ...amount, progress: say });
  } finally {
    progress("");
  }
}

async function readCommit(): Promise<string> {
  const repository = join(import.meta.dirname, "../..");
  return (await runCommand("git", ["rev-parse", "--short", "HEAD"], { cwd: repository })).trim();
}

function elapsed(): string {
  const seconds = Math.round((performance.now() - begunAt) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** One line, on a terminal only. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text !== "") console.error(text);
}
