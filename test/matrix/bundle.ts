import { join, resolve } from "node:path";
import { type Plugin, rolldown } from "rolldown";
import manifest from "../../package.json" with { type: "json" };

const repository = join(import.meta.dirname, "../..");

/** Where the contract is, bundled for each kind of runtime. */
export interface Bundles {
  readonly program: string;
  readonly page: string;
  readonly worker: string;
}

/** Bundles the contract on the package that a project has installed. */
export async function bundleAll(project: string): Promise<Bundles> {
  const [program, page, worker] = await Promise.all([
    bundle("program", project, "imported"),
    bundle("page", project, "inside"),
    bundle("worker", project, "inside"),
  ]);
  return { program, page, worker };
}

/** Whether the package is in the bundle, or stays an import that the runtime resolves in the project. */
type Packages = "inside" | "imported";

async function bundle(name: string, project: string, packages: Packages): Promise<string> {
  const file = join(project, `${name}.js`);
  const build = await rolldown({
    input: join(import.meta.dirname, "there", `${name}.ts`),
    platform: packages === "inside" ? "browser" : "node",
    transform: { target: "es2022" }, // as the package: not every runtime knows `await using`
    plugins: [installed(project, packages)],
    logLevel: "silent",
  });
  await build.write({ file, format: "esm", codeSplitting: false });
  await build.close();
  return file;
}

/** The contract names sources of the repository; here they become entries of the package, and so do its dependencies. */
function installed(project: string, packages: Packages): Plugin {
  return {
    name: "installed",
    resolveId(id, importer) {
      const name = importer?.startsWith(project) ? undefined : nameOf(id, importer);
      if (name === undefined) return undefined;
      if (packages === "imported") return { id: name, external: true };
      return this.resolve(name, join(project, "index.js"), { skipSelf: true });
    },
  };
}

function nameOf(id: string, importer = ""): string | undefined {
  if (Object.keys(manifest.dependencies).some((name) => id === name || id.startsWith(`${name}/`))) return id;
  const path = resolve(importer, "..", id);
  return id.startsWith(".") && path.startsWith(join(repository, "src")) ? entryOf(path) : undefined;
}

function entryOf(source: string): string {
  const built = source.replace(join(repository, "src"), "./dist").replace(/\.ts$/, ".js");
  for (const [entry, target] of Object.entries(manifest.exports)) {
    if (typeof target !== "string" && target.default === built) return `${manifest.name}${entry.slice(1)}`;
  }
  throw new Error(`The contract imports ${source}, which the package does not export.`);
}
