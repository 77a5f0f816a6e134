import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { installParts, partBinary } from "../../fixtures/install.ts";
import { runCommand } from "../../fixtures/run-command.ts";
import { temporaryFolder } from "../../fixtures/temporary-folder.ts";
import { runtimeReleases } from "../../fixtures/versions.ts";
import { nextVersion, releaseChangelog } from "./changelog.ts";
import { writeJsrFolder } from "./jsr.ts";

const repository = join(import.meta.dirname, "../../..");

await main();

/** A release, as RELEASING.md says. Without `--publish` it does all but what cannot be taken back. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { publish: { type: "boolean", default: false }, untested: { type: "boolean", default: false } },
  });
  if (values.publish && values.untested) throw new Error("What is published is tested: leave --untested out.");
  const changes = await runCommand("git", ["status", "--porcelain"], { cwd: repository });
  if (changes !== "") throw new Error(`There are changes that are in no commit:\n${changes}`);
  const before = await readManifest();
  const version = nextVersion(before.version, positionals[0] ?? "");
  const changelog = await readFile(join(repository, "CHANGELOG.md"), "utf8");
  const released = releaseChangelog(changelog, version, new Date().toISOString().slice(0, 10));
  if (!values.untested) for (const script of ["check", "test"]) await show("npm", ["run", script]);
  await show("npm", ["version", version, "--no-git-tag-version"]);
  await writeFile(join(repository, "CHANGELOG.md"), released);
  try {
    await publish(version, values.publish ? [] : ["--dry-run"]);
  } catch (error) {
    await restore();
    throw error;
  }
  if (!values.publish) return restore();
  await show("git", ["commit", "--all", "--message", `Version ${version}`]);
  await show("git", ["tag", `v${version}`]);
  console.log(`${version} is published. Now: git push --follow-tags`);
}

/** To JSR first: it refuses more, and what npm has taken is there for good. */
async function publish(version: string, dry: readonly string[]): Promise<void> {
  await installParts();
  const folder = await temporaryFolder("jsr");
  await writeJsrFolder(folder.path, version);
  await show(await partBinary(`deno-${runtimeReleases.deno}`), ["publish", ...dry], folder.path);
  await folder.remove();
  await show("npm", ["publish", "--access", "public", ...dry]);
}

async function restore(): Promise<void> {
  await runCommand("git", ["checkout", "--", "package.json", "package-lock.json", "CHANGELOG.md"], { cwd: repository });
}

async function readManifest(): Promise<{ readonly version: string }> {
  return JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
}

/** On this terminal: a registry may ask who publishes. */
function show(command: string, args: readonly string[], cwd: string = repository): Promise<void> {
  return new Promise((resolve, reject) => {
    spawn(command, args, { cwd, stdio: "inherit" })
      .on("error", reject)
      .on("close", (code) => (code === 0 ? resolve() : reject(new Error(`${command} ${args.join(" ")} failed`))));
  });
}
