import { cp, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../fixtures/run-command.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";

const repository = join(import.meta.dirname, "../..");

/** What the package is not built from, or is linked to. */
const apart = new Set([".cache", ".git", "dist", "node_modules", "test"]);

/** A project of somebody's who has installed the package. */
export interface PackedProject extends AsyncDisposable {
  readonly folder: string;
}

/** Packs the package as it is published, and installs it. Built beside, since others build in the repository. */
export async function packAndInstall(): Promise<PackedProject> {
  const { path, remove } = await temporaryFolder("packed");
  const [source, folder] = [join(path, "source"), join(path, "project")];
  for (const name of await readdir(repository)) {
    if (!apart.has(name)) await cp(join(repository, name), join(source, name), { recursive: true });
  }
  await symlink(join(repository, "node_modules"), join(source, "node_modules"));
  await runCommand("npm", ["pack", "--silent", "--pack-destination", path], { cwd: source });
  const tarball = (await readdir(path)).find((name) => name.endsWith(".tgz")) ?? "";
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "project", type: "module", private: true }));
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  await runCommand("npm", ["install", join(path, tarball), ...quiet], { cwd: folder });
  return { folder, [Symbol.asyncDispose]: remove };
}
