import { cp, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import manifest from "../../../package.json" with { type: "json" };
import { reachable } from "../reachable.ts";

const repository = join(import.meta.dirname, "../../..");

/** Scopes are JSR's own: there is no name without one. */
const scope = "@etcd-web";

/** The sources of the entries, by the name of each; what is built of several, such as the bundle, is npm's alone. */
export function jsrEntries(): Record<string, string> {
  const entries = Object.entries(manifest.exports).flatMap(([entry, target]) => {
    if (typeof target === "string" || target.types !== target.default.replace(/\.js$/, ".d.ts")) return [];
    return [[entry, target.default.replace("./dist/", "./src/").replace(/\.js$/, ".ts")]];
  });
  return Object.fromEntries(entries);
}

/** Makes a folder what JSR publishes: the sources that the entries lead to, and a `jsr.json` made of package.json. */
export async function writeJsrFolder(folder: string, version: string = manifest.version): Promise<void> {
  const entries = jsrEntries();
  const files = new Set(["README.md", "CHANGELOG.md", "LICENSE"]);
  const packages = new Set<string>();
  for (const entry of Object.values(entries)) {
    const found = await reachable(join(repository, entry));
    for (const file of found.files) files.add(relative(repository, file));
    for (const name of found.packages) if (name !== "node:") packages.add(name);
  }
  for (const file of files) await cp(join(repository, file), join(folder, file));
  const imports = Object.fromEntries([...packages].sort().map((name) => [name, `npm:${name}@${rangeOf(name)}`]));
  const { name, license } = manifest;
  const jsr = { name: `${scope}/${name}`, version, license, exports: entries, imports, compilerOptions };
  await writeFile(join(folder, "jsr.json"), `${JSON.stringify(jsr, undefined, 2)}\n`);
}

/** As in the repository's tsconfig.json; Deno's own types are without those of a page. */
const compilerOptions = { lib: ["ES2024", "DOM", "DOM.Iterable", "DOM.AsyncIterable", "ESNext.Disposable", "deno.ns"] };

// What npm's package carries in its bundles, JSR's imports.
function rangeOf(name: string): string {
  const { dependencies, peerDependencies, devDependencies } = manifest;
  const ranges: Record<string, string> = { ...devDependencies, ...peerDependencies, ...dependencies };
  const range = ranges[name];
  if (range === undefined) throw new Error(`The sources import ${name}, which package.json does not have.`);
  return range;
}
