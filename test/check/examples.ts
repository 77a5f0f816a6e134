import { glob, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where the examples stand while they are compiled: inside the package, so that they import it by its name. */
export const examplesFolder = ".cache/examples";

/** Those for Cloudflare's Workers, whose types and a page's exclude each other. */
export const workersFolder = `${examplesFolder}/workers`;

/** Writes every example of the documentation, guides and doc comments alike, into a file of its own; gives their number. */
export async function writeExamples(): Promise<number> {
  await rm(examplesFolder, { recursive: true, force: true });
  await mkdir(workersFolder, { recursive: true });
  await writeFile(join(examplesFolder, "tsconfig.json"), JSON.stringify(settings));
  await writeFile(join(workersFolder, "tsconfig.json"), JSON.stringify(workersSettings));
  let count = 0;
  for (const file of await documents()) {
    for (const { code, language, use } of examplesIn(await readFile(file, "utf8"))) {
      const name = `${String(++count).padStart(3, "0")}-${file.replaceAll(/[/.]/g, "-")}.${language}`;
      await writeFile(join(use === "workers" ? workersFolder : examplesFolder, name), `${code}\nexport {};\n`);
    }
  }
  return count;
}

const compilerOptions = { isolatedDeclarations: false, declaration: false, noUnusedLocals: false, jsx: "react-jsx" };

const settings = {
  extends: "../../tsconfig.json",
  // skipLibCheck: what unstorage declares does not compile.
  compilerOptions: { ...compilerOptions, types: ["node"], skipLibCheck: true },
  include: ["."],
  exclude: ["workers"],
};

const workersSettings = {
  extends: "../../../tsconfig.json",
  compilerOptions: { ...compilerOptions, lib: ["ES2024", "ESNext.Disposable"], types: ["@cloudflare/workers-types"] },
  include: ["."],
  exclude: [],
};

async function documents(): Promise<string[]> {
  const files: string[] = [];
  const exclude = ["src/gen/**", "**/node_modules/**"];
  for await (const file of glob(["*.md", "playground/{guides,examples}/**/*.md", "src/**/*.{ts,tsx}"], { exclude }))
    files.push(file);
  return files.sort();
}

interface Example {
  readonly code: string;
  readonly language: string;
  /** What stands behind the language: "run", "test", "workers". */
  readonly use: string | undefined;
}

/** The blocks marked `ts` and `tsx`, without the comment's border. */
function examplesIn(text: string): Example[] {
  const blocks = text.matchAll(
    /^(?<border>[ \t]*(?:\* )?)```(?<language>tsx?)(?: (?<use>\w+))?\n(?<code>.*?)^[ \t]*(?:\* )?```$/gms,
  );
  return Array.from(blocks, ({ groups = {} }) => {
    const { border = "", code = "", language = "ts", use } = groups as Readonly<Record<string, string | undefined>>;
    return { code: withoutBorder(code, border), language, use };
  });
}

function withoutBorder(code: string, border: string): string {
  const cut = (line: string): string => line.slice(line.startsWith(border) ? border.length : border.trimEnd().length);
  return code.split("\n").map(cut).join("\n");
}
