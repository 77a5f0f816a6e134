import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const readme = join(import.meta.dirname, "../../README.md");
const begin = "<!-- figures: written by `npm run bench -- --write` -->";
const end = "<!-- end of figures -->";

/** Puts the figures into the README, in place of those before. */
export async function writeFigures(figures: string): Promise<void> {
  const text = await readFile(readme, "utf8");
  await writeFile(readme, placeFigures(text, figures));
}

/** A README with these figures between its markers, or with a heading for them before the licence. */
export function placeFigures(text: string, figures: string): string {
  const block = `${begin}\n\n${figures}\n\n${end}`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from >= 0 && to > from) return text.slice(0, from) + block + text.slice(to + end.length);
  return text.replace(/^## Licence$/m, () => `## Figures\n\n${block}\n\n## Licence`);
}
