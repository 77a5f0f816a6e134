import process from "node:process";
import { parseArgs } from "node:util";
import { contract } from "../contract/contract.ts";
import { packAndInstall } from "../fixtures/packed-project.ts";
import { bundleAll } from "./bundle.ts";
import { type Result, writeTable } from "./readme-table.ts";
import { type Row, rows } from "./rows.ts";
import { Visit } from "./visit.ts";

process.exitCode = (await main()) ? 0 : 1;

/** Words narrow the run to the rows whose runtime or protocol holds one of them. */
async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { write: { type: "boolean", default: false } },
  });
  const chosen = rows.filter(({ runtime, protocol }) => {
    const name = `${runtime} ${protocol}`.toLowerCase();
    return positionals.length === 0 || positionals.some((word) => name.includes(word.toLowerCase()));
  });
  if (chosen.length === 0) {
    console.log(`There is ${rows.map(({ runtime }) => runtime).join(", ")}; not ${positionals.join(", ")}.`);
    return false;
  }
  await using project = await packAndInstall();
  const bundles = await bundleAll(project.folder);
  const results = await some(chosen, (row) => hold(row, bundles[row.script]));
  if (values.write) await writeTable(results);
  return results.every(({ passed, cases }) => passed === cases);
}

/** Two at once; the results in the order of the rows. */
async function some<T>(rows: readonly Row[], run: (row: Row) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  const waiting = rows.entries();
  const worker = async (): Promise<void> => {
    for (const [i, row] of waiting) results[i] = await run(row);
  };
  await Promise.all([worker(), worker()]);
  return results;
}

/** The whole contract in one runtime, and a line about it. */
async function hold(row: Row, script: string): Promise<Result> {
  const begun = performance.now();
  await using visit = await Visit.begin(row, script);
  let passed = 0;
  for (const { name } of contract) {
    const failure = await visit.run(name).then(
      () => undefined,
      (error: Error) => error,
    );
    if (failure === undefined) passed++;
    else console.log(`FAIL ${row.runtime}, ${row.protocol}: ${name}\n${failure.message}\n${failure.stack}`);
  }
  for (const complaint of visit.complaints) console.log(`${row.runtime} said: ${complaint}`);
  const { version } = visit;
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  console.log(`${row.runtime} ${version}, ${row.protocol}: ${passed} of ${contract.length} (${seconds} s)`);
  return { runtime: row.runtime, version, protocol: row.protocol, passed, cases: contract.length };
}
