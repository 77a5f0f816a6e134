import { cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { partBinary } from "../../fixtures/install.ts";
import { envoyPart } from "../../fixtures/parts/envoy-part.ts";
import { etcdPartName } from "../../fixtures/parts/etcd-part.ts";
import { runCommand } from "../../fixtures/run-command.ts";
import { temporaryFolder } from "../../fixtures/temporary-folder.ts";

const repository = join(import.meta.dirname, "../../..");

/** What somebody has who cloned the repository, installed and built it, and has etcd and Envoy. */
export interface BuiltClone extends AsyncDisposable {
  /** Where a file of the examples is. */
  example(path: string): string;
  /** The folder with the commands `etcd` and `envoy`. */
  readonly commands: string;
}

/** Builds the package into a folder of its own, since other tests build it in the repository at the same time. */
export async function buildClone(): Promise<BuiltClone> {
  const { path, remove } = await temporaryFolder("clone");
  const commands = join(path, "bin");
  await mkdir(commands);
  await Promise.all([
    compile(join(path, "dist")),
    ...["package.json", "tsconfig.json"].map((file) => cp(join(repository, file), join(path, file))),
    cp(join(repository, "playground/examples"), join(path, "playground/examples"), { recursive: true }),
    symlink(join(repository, "node_modules"), join(path, "node_modules")),
    symlink(await partBinary(etcdPartName("3.7")), join(commands, "etcd")),
    symlink(await partBinary(envoyPart.name), join(commands, "envoy")),
  ]);
  await runCommand("npm", ["run", "-s", "bundle"], { cwd: path });
  return { example: (file) => join(path, "playground/examples", file), commands, [Symbol.asyncDispose]: remove };
}

async function compile(outDir: string): Promise<void> {
  await runCommand(join(repository, "node_modules/.bin/tsc"), ["-p", "tsconfig.build.json", "--outDir", outDir], {
    cwd: repository,
  });
}
