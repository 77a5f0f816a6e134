import { dirname, join } from "node:path";
import process from "node:process";
import { partBinary } from "../../fixtures/install.ts";
import { bunPart, denoPart, node22Part, node26Part } from "../../fixtures/parts/runtime-parts.ts";
import { startChild } from "../../fixtures/process.ts";
import { runCommand } from "../../fixtures/run-command.ts";
import type { Enter, Place, Start } from "./place.ts";

/** A runtime that runs a file. */
interface Runtime {
  readonly name: string;
  readonly binary: () => Promise<string>;
  /** What stands before the file, given the start. */
  readonly flags: (start: Start) => readonly string[];
}

/** The Node that the tests run in. */
export const node24: Enter = program(node("Node 24", async () => process.execPath));

/** The oldest Node. */
export const node22: Enter = program(node("Node 22", () => partBinary(node22Part.name)));

/** The newest. */
export const node26: Enter = program(node("Node 26", () => partBinary(node26Part.name)));

/** Deno, which may reach the etcd and the desk, and nothing else: no file, no variable, no other host. */
export const deno: Enter = program({
  name: "Deno",
  binary: () => partBinary(denoPart.name),
  flags: ({ hosts }) => [
    "run",
    "--no-prompt",
    "--node-modules-dir=manual",
    "--v8-flags=--expose-gc",
    `--allow-net=${hosts.join()}`,
  ],
});

/** Bun, which lets every program collect garbage. */
export const bun: Enter = program({ name: "Bun", binary: () => partBinary(bunPart.name), flags: () => ["run"] });

function node(name: string, binary: () => Promise<string>): Runtime {
  return { name, binary, flags: () => ["--expose-gc"] };
}

function program({ name, binary, flags }: Runtime): Enter {
  return async (start) => {
    const command = await binary();
    const child = await startChild({
      name,
      command,
      args: [...flags(start), start.script, start.desk.url],
      // Deno keeps a folder of its own, and looks for a newer Deno.
      env: { DENO_DIR: join(dirname(start.script), "deno"), DENO_NO_UPDATE_CHECK: "1" },
      ready: async () => start.desk.visitor !== undefined,
    });
    const place: Place = {
      version: await versionOf(command),
      complaints: () => child.output().split("\n").filter(Boolean),
      [Symbol.asyncDispose]: child.stop,
    };
    return place;
  };
}

/** What a program says of itself. */
export async function versionOf(command: string): Promise<string> {
  const said = await runCommand(command, ["--version"]);
  return /\d+(?:[.-]\d+)+/.exec(said)?.[0] ?? said.trim();
}
