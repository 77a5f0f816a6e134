import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Operation } from "./callers/operation.ts";
import type { Place } from "./contenders/contender.ts";
import type { Clocked } from "./work/clocked.ts";

/** Go's client under its own clock: told to make a call by a line, it answers with the milliseconds. It ends with us. */
export async function startGoClock({ etcd, go }: Place, operation: Operation): Promise<Clocked> {
  const child = spawn(go, ["call", JSON.stringify({ etcd, operation })], { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (i) => {
    child.stdin.write(`${i}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error(`Go's client has ended before the ${operation} number ${i}`);
    return Number(value);
  };
}
