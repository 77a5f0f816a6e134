import { glob } from "node:fs/promises";
import { join } from "node:path";

const repository = join(import.meta.dirname, "../..");
const patterns = ["unit", "run", "matrix", "browser", "chaos", "package", "gateway"].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);

/** The test files whose path holds all the words, as paths from the repository's root. */
export async function selectFiles(words: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob(patterns, { cwd: repository })) {
    if (words.every((word) => file.includes(word))) files.push(file);
  }
  return files.sort();
}

/** Where such a path is on this machine. */
export function absolute(file: string): string {
  return join(repository, file);
}
