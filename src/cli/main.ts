#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { type Command, readArguments, UsageError, usage } from "./arguments.ts";
import { StartError, serve } from "./serve.ts";

process.exitCode = await main();

/** Runs the command; gives the exit code. */
async function main(): Promise<number> {
  try {
    await run(readArguments(process.argv.slice(2), process.env));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) console.error(`${error.message}.\n\n${usage}`);
    else if (error instanceof StartError) console.error(`${error.message}.`);
    else throw error;
    return 1;
  }
}

async function run(command: Command): Promise<void> {
  switch (command.name) {
    case "help":
      return console.log(usage);
    case "version":
      return console.log(await ownVersion());
    case "serve":
      return serve(command.options, await ownVersion());
    default:
      command satisfies never;
  }
}

// Two folders up, from src/cli and from dist/cli alike.
async function ownVersion(): Promise<string> {
  const manifest = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(manifest) as { readonly version: string };
  return version;
}
