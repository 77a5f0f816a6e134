import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type ServerCommand, startServerCommand } from "../../fixtures/server-command.ts";

/** Its program. */
export const main = join(import.meta.dirname, "../../../src/cli/main.ts");

/** Runs a command of `etcd-web` that serves. */
export function serve(...args: string[]): Promise<ServerCommand> {
  return startServerCommand(process.execPath, [main, ...args]);
}

/** What came of a command. */
export interface Result {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs `etcd-web` to its end. */
export function run(...args: string[]): Promise<Result> {
  return runWith({}, ...args);
}

/** The same with more in its environment. */
export async function runWith(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Result> {
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...env } });
  const [[code], output, errors] = await Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
  return { code: Number(code), output, errors };
}
