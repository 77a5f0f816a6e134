import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Table } from "./table.ts";

/** A table, and the run that it is of. */
export interface RecordedTable extends Table {
  readonly commit: string;
  readonly rounds: number;
}

/** What the documents show, and later runs are held against. */
export interface Recorded {
  /** Of the last run that was recorded. */
  readonly machine: string;
  readonly tables: Readonly<Record<string, RecordedTable>>;
}

const file = join(import.meta.dirname, "recorded.json");

/** The figures that are in the repository. */
export async function readRecorded(): Promise<Recorded> {
  return JSON.parse(await readFile(file, "utf8")) as Recorded;
}

/** Replaces them. */
export async function writeRecorded(recorded: Recorded): Promise<void> {
  const short = (key: string, value: unknown): unknown =>
    typeof value === "number" && key !== "rounds" ? Number(value.toPrecision(4)) : value;
  const text = JSON.stringify(recorded, short, 2);
  // A line for each row of numbers.
  const compact = text.replace(/\[[\d\s,.e+-]*\]/g, (list) => list.replace(/\s+/g, "").replaceAll(",", ", "));
  await writeFile(file, `${compact}\n`);
}
