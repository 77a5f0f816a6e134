import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Row, rows } from "./rows.ts";

/** What came of a row. */
export interface Result extends Pick<Row, "runtime" | "protocol"> {
  readonly version: string;
  readonly passed: number;
  readonly cases: number;
}

const readme = join(import.meta.dirname, "../../README.md");
const begin = "<!-- runtimes: written by `npm run matrix -- --write` -->";
const end = "<!-- end of runtimes -->";
const columns = ["runtime", "version", "protocol", "cases passed"];

/** Puts the results into the README; rows that were not run keep theirs. */
export async function writeTable(results: readonly Result[]): Promise<void> {
  const known = [...results, ...(await readTable())];
  const newest = rows.map((row) =>
    known.find((each) => each.runtime === row.runtime && each.protocol === row.protocol),
  );
  const text = await readFile(readme, "utf8");
  const [from, to] = markersIn(text);
  const table = format(newest.filter((each) => each !== undefined));
  await writeFile(readme, `${text.slice(0, from)}\n\n${table}\n\n${text.slice(to)}`);
}

/** The results that the README shows. */
export async function readTable(): Promise<Result[]> {
  const text = await readFile(readme, "utf8");
  const lines = text
    .slice(...markersIn(text))
    .trim()
    .split("\n")
    .slice(2);
  return lines.map((line) => {
    const [runtime = "", version = "", protocol, cases = ""] = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
    const [passed, of] = cases.split(" of ").map(Number);
    return { runtime, version, protocol: protocol as Row["protocol"], passed: passed ?? 0, cases: of ?? 0 };
  });
}

function format(results: readonly Result[]): string {
  const lines = results.map(({ runtime, version, protocol, passed, cases }) => [
    runtime,
    version,
    protocol,
    `${passed} of ${cases}`,
  ]);
  return [columns, columns.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function markersIn(text: string): [number, number] {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The README lacks ${begin} or ${end}.`);
  return [from + begin.length, to];
}
