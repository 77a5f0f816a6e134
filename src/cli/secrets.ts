import { readFile } from "node:fs/promises";
import { CommandError, exitCode } from "./exit.ts";

/**
 * A secret out of a file or else the environment. Never out of an argument: every user of the machine can read those, and
 * the shell remembers them.
 */
export async function readSecret(file: string | undefined, variable: string): Promise<string | undefined> {
  if (file === undefined) return process.env[variable] || undefined;
  // Editors end a file with a line break, which is not part of the secret.
  return (await readText(file)).replace(/\r?\n$/, "");
}

/** A user's name and password, where a name is given. */
export async function readUser(
  name: string | undefined,
  passwordFile: string | undefined,
): Promise<{ readonly name: string; readonly password: string } | undefined> {
  if (name === undefined) {
    if (passwordFile === undefined) return undefined;
    throw new CommandError("--password-file goes with --user", { exitCode: exitCode.usage });
  }
  const password = await readSecret(passwordFile, "ETCD_WEB_PASSWORD");
  if (password !== undefined) return { name, password };
  const how = "put it into a file and name that with --password-file, or into the variable ETCD_WEB_PASSWORD";
  throw new CommandError(`There is no password for --user ${name}: ${how}`, { exitCode: exitCode.usage });
}

/** A file's text; what is wrong with the file is said without a stack. */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new CommandError(`The file ${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
}
