import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { startEnvoy } from "../fixtures/envoy.ts";
import { startEtcd } from "../fixtures/etcd.ts";
import { runCommand } from "../fixtures/run-command.ts";
import { installEtcd3 } from "./etcd3-package.ts";
import { writeFigures } from "./figures-in-readme.ts";
import type { Measurement } from "./measurement.ts";
import { calls } from "./measurements/calls.ts";
import { catchUp } from "./measurements/catch-up.ts";
import { churn } from "./measurements/churn.ts";
import { heap } from "./measurements/heap.ts";
import { latency } from "./measurements/latency.ts";
import { live } from "./measurements/live.ts";
import { opening } from "./measurements/opening.ts";
import { streams } from "./measurements/streams.ts";
import { view } from "./measurements/view.ts";
import { formatTable, type Table } from "./table.ts";

const measurements: readonly Measurement[] = [calls, live, catchUp, latency, heap, opening, churn, view, streams];

process.exitCode = await main();

/** Words narrow the run to the measurements whose name holds one of them. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: "string", default: "3" }, write: { type: "boolean", default: false } },
  });
  const chosen = measurements.filter(
    ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
  );
  if (chosen.length === 0) {
    console.log(`There is ${measurements.map(({ name }) => name).join(", ")}; not ${positionals.join(", ")}.`);
    return 1;
  }
  const rounds = Number(values.rounds);
  const run = await describeRun(rounds); // before anybody commits something else
  const etcd3 = await installEtcd3();
  const tables: string[] = [];
  for (const measurement of chosen) tables.push(formatTable(await measure(measurement, rounds, etcd3)));
  const figures = [run, ...tables].join("\n\n");
  console.log(figures);
  if (values.write) await writeFigures(figures);
  return 0;
}

/** On servers of its own: no measurement pays for the history of another. */
async function measure(measurement: Measurement, rounds: number, etcd3: string): Promise<Table> {
  await using etcd = await startEtcd("3.7");
  await using envoy = await startEnvoy({ etcd: [etcd.address] });
  const place = { envoy: envoy.url, etcd: `http://${etcd.address}`, etcd3 };
  try {
    return await measurement.measure({ place, rounds, progress: (text) => progress(`${measurement.name}, ${text}`) });
  } finally {
    progress("");
  }
}

async function describeRun(rounds: number): Promise<string> {
  const repository = join(import.meta.dirname, "../..");
  const commit = (await runCommand("git", ["rev-parse", "--short", "HEAD"], { cwd: repository })).trim();
  const words = process.argv.slice(2);
  const command = ["npm run bench", ...(words.length > 0 ? ["--", ...words] : [])].join(" ");
  return [
    `\`${command}\` at commit ${commit}: Node ${process.versions.node}, etcd 3.7 behind Envoy (HTTP/1.1), one machine;`,
    `medians of ${rounds} rounds, in brackets the ratio to the bare Connect stub that decodes the same stream.`,
    "etcd3 and the JSON gateway reach etcd without a proxy. Trust the ratios; below 15 % is noise.",
  ].join("\n");
}

/** One line, on a terminal only. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text !== "") console.error(text);
}
