import { access, mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../fixtures/cache.ts";
import { runCommand } from "../fixtures/run-command.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";

/** What is compared with. */
export const etcd3Release = "1.1.2";

/** The folder where microsoft/etcd3 is installed: in the cache, by npm, and no dependency of this package. */
export async function installEtcd3(): Promise<string> {
  const folder = join(cacheFolder, `etcd3-${etcd3Release}`);
  if (await exists(folder)) return folder;
  await mkdir(cacheFolder, { recursive: true });
  const scratch = await temporaryFolder("etcd3", cacheFolder); // a rename: what looks installed is whole
  const quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];
  await runCommand("npm", ["install", "--prefix", scratch.path, ...quiet, `etcd3@${etcd3Release}`]);
  await rename(scratch.path, folder);
  await scratch.remove();
  return folder;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
