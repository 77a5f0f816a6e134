import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Recorded, RecordedTable } from "./recorded.ts";
import { formatSummary } from "./summary.ts";
import { formatTable } from "./table.ts";

const repository = join(import.meta.dirname, "../..");
const begin = "<!-- figures: written by `npm run bench -- --write` -->";
const end = "<!-- end of figures -->";

/** Puts the figures into the README, in short, and into `figures.md`, all of them. */
export async function writeDocuments(recorded: Recorded): Promise<void> {
  await replaceFigures(join(repository, "README.md"), formatSummary(recorded.tables));
  await replaceFigures(join(repository, "playground/guides/figures.md"), formatAll(recorded));
}

async function replaceFigures(file: string, figures: string): Promise<void> {
  await writeFile(file, placeFigures(await readFile(file, "utf8"), figures));
}

/** A document with these figures between its markers. */
export function placeFigures(text: string, figures: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The document lacks ${begin} or ${end}.`);
  return `${text.slice(0, from)}${begin}\n\n${figures}\n\n${text.slice(to)}`;
}

/** The machine, and every table with its commit. */
function formatAll({ machine, tables }: Recorded): string {
  const withRun = ({ commit, rounds, note, ...table }: RecordedTable): string =>
    formatTable({ ...table, note: [note, `Commit ${commit}, rounds: ${rounds}.`].filter(Boolean).join(" ") });
  return [machine, ...Object.values(tables).map(withRun)].join("\n\n");
}
