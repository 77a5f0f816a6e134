#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { CommanderError } from "./bundled.ts";
import { CommandError, exitCode } from "./exit.ts";
import { createProgram } from "./program.ts";

process.stdout.on("error", endUnread);
process.exitCode = await main(process.argv.slice(2));

/** Runs the command; gives the exit code. */
async function main(args: readonly string[]): Promise<number> {
  try {
    const program = createProgram(await ownVersion());
    if (args.length === 0) program.help();
    await program.parseAsync(args, { from: "user" });
    return exitCode.fine;
  } catch (error) {
    // It has said what there is to say; help and version come this way too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.fine : exitCode.usage;
    if (!(error instanceof CommandError)) throw error;
    if (error.message !== "") console.error(`${error.message}.`);
    return error.exitCode;
  }
}

/** Whoever was to read what is printed, such as `head`, has gone. */
function endUnread(error: NodeJS.ErrnoException): never {
  if (error.code !== "EPIPE") throw error;
  process.exit(exitCode.failed);
}

// Two folders up, from src/cli and from dist/cli alike.
async function ownVersion(): Promise<string> {
  const manifest = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(manifest) as { readonly version: string };
  return version;
}
