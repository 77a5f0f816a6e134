import { type MarkedSection, writeSection } from "../fixtures/marked-section.ts";
import type { Recorded, RecordedTable } from "./recorded.ts";
import { formatSummary } from "./summary.ts";
import { formatTable } from "./table.ts";

/** Puts the figures into the README, in short, and into `figures.md`, all of them. */
export async function writeDocuments(recorded: Recorded): Promise<void> {
  await writeSection(figuresIn("README.md"), formatSummary(recorded.tables));
  await writeSection(figuresIn("playground/guides/figures.md"), formatAll(recorded));
}

function figuresIn(file: string): MarkedSection {
  return { file, name: "figures", command: "npm run bench -- --write" };
}

/** The machine, and every table with its commit. */
function formatAll({ machine, tables }: Recorded): string {
  const withRun = ({ commit, rounds, note, ...table }: RecordedTable): string =>
    formatTable({ ...table, note: [note, `Commit ${commit}, rounds: ${rounds}.`].filter(Boolean).join(" ") });
  return [machine, ...Object.values(tables).map(withRun)].join("\n\n");
}
