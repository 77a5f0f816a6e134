import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What the variables of a file stand for. */
export type Values = Readonly<Record<string, string | number>>;

/** Does to a shipped file what `envsubst` does, and gives the path of the result. */
export async function rendered(file: string, values: Values, folder: string, name: string): Promise<string> {
  const text = await readFile(file, "utf8");
  const documented = new Set(text.match(/(?<=^# .*)\b[A-Z][A-Z0-9_]+\b/gm));
  const used = new Set(text.match(/(?<=\$\{?)[A-Z][A-Z0-9_]*/g));
  for (const variable of used) {
    if (!documented.has(variable)) throw new Error(`${file} uses ${variable} and does not say what it is.`);
    if (values[variable] === undefined) throw new Error(`${file} uses ${variable}, which the test does not set.`);
  }
  const path = join(folder, name);
  await writeFile(
    path,
    text.replace(/\$\{([A-Z0-9_]+)\}/g, (_, variable: string) => String(values[variable])),
  );
  return path;
}
