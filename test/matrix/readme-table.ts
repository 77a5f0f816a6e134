import { type MarkedSection, readSection, writeSection } from "../fixtures/marked-section.ts";
import { type Row, rows } from "./rows.ts";

/** What came of a row. */
export interface Result extends Pick<Row, "runtime" | "protocol"> {
  readonly version: string;
  readonly passed: number;
  readonly cases: number;
}

const section: MarkedSection = { file: "README.md", name: "runtimes", command: "npm run matrix -- --write" };
const columns = ["runtime", "version", "protocol", "cases passed"];

/** Puts the results into the README; rows that were not run keep theirs. */
export async function writeTable(results: readonly Result[]): Promise<void> {
  const known = [...results, ...(await readTable())];
  const newest = rows.map((row) =>
    known.find((each) => each.runtime === row.runtime && each.protocol === row.protocol),
  );
  await writeSection(section, format(newest.filter((each) => each !== undefined)));
}

/** The results that the README shows. */
export async function readTable(): Promise<Result[]> {
  const lines = (await readSection(section)).split("\n").slice(2);
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
