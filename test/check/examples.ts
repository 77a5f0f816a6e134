import { glob, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where the examples stand while they are compiled: inside the package, so that they import it by its name. */
export const examplesFolder = ".cache/examples";

/** Writes every example of the documentation, README and doc comments alike, into a file of its own; gives their number. */
export async function writeExamples(): Promise<number> {
  await rm(examplesFolder, { recursive: true, force: true });
  await mkdir(examplesFolder, { recursive: true });
  await writeFile(join(examplesFolder, "tsconfig.json"), JSON.stringify(settings));
  let count = 0;
  for (const file of ["README.md", ...(await sources())]) {
    for (const example of examplesIn(await readFile(file, "utf8"))) {
      const name = `${String(++count).padStart(3, "0")}-${file.replaceAll(/[/.]/g, "-")}.ts`;
      await writeFile(join(examplesFolder, name), `${example}\nexport {};\n`);
    }
  }
  return count;
}

const settings = {
  extends: "../../tsconfig.json",
  // skipLibCheck: what unstorage declares does not compile.
  compilerOptions: { isolatedDeclarations: false, declaration: false, noUnusedLocals: false, skipLibCheck: true },
  include: ["."],
  exclude: [],
};

async function sources(): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob("src/**/*.{ts,tsx}", { exclude: ["src/gen/**"] })) files.push(file);
  return files.sort();
}

/** The blocks marked `ts`, without the comment's border. */
function examplesIn(text: string): string[] {
  const blocks = text.matchAll(/^(?<border>[ \t]*(?:\* )?)```ts\n(?<code>.*?)^[ \t]*(?:\* )?```$/gms);
  return Array.from(blocks, ({ groups: { border = "", code = "" } = {} }) => withoutBorder(code, border));
}

function withoutBorder(code: string, border: string): string {
  const cut = (line: string): string => line.slice(line.startsWith(border) ? border.length : border.trimEnd().length);
  return code.split("\n").map(cut).join("\n");
}
