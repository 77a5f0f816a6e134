import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { resolve } from "node:path";

/** What a file leads to. */
export interface Reachable {
  readonly files: ReadonlySet<string>;
  /** Names of packages; "node:" stands for all that Node has itself. */
  readonly packages: ReadonlySet<string>;
}

/** Follows the imports of a built module, or of a declaration, through the files of its own package. */
export async function reachable(entry: string): Promise<Reachable> {
  const files = new Set<string>();
  const packages = new Set<string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const specifier of importsOf(await readFile(file, "utf8"))) {
      if (specifier.startsWith(".")) waiting.push(resolve(file, "..", besides(file, specifier)));
      else packages.add(packageOf(specifier));
    }
  }
  return { files, packages };
}

function importsOf(code: string): string[] {
  const withoutComments = code.replace(/\/\*[\s\S]*?\*\//g, "");
  return patterns.flatMap((pattern) => Array.from(withoutComments.matchAll(pattern), ([, name = ""]) => name));
}

/** As tsc and rolldown write them: each statement begins a line. */
const patterns = [
  /^(?:import|export)\b[^"';]*?\bfrom\s*["']([^"']+)["']/gm,
  /^import\s*["']([^"']+)["']/gm,
  /\bimport\(\s*["']([^"']+)["']/g,
  /^\/\/\/\s*<reference types="([^"]+)"/gm,
];

// A declaration names the source that it was made of.
function besides(file: string, specifier: string): string {
  return file.endsWith(".d.ts") ? specifier.replace(/\.ts$/, ".d.ts") : specifier;
}

function packageOf(specifier: string): string {
  if (isBuiltin(specifier)) return "node:";
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
