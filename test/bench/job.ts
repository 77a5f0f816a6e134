import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { JobMessage } from "./run-job.ts";

/** Work in a process of its own. */
export interface Job<Result> {
  /** What is measured may begin. */
  readonly ready: Promise<void>;
  readonly result: Promise<Result>;
}

/** Starts a file of `jobs/`; it ends with its result, or with this process. */
export function startJob<Result>(name: string, args: object): Job<Result> {
  const file = join(import.meta.dirname, "jobs", `${name}.ts`);
  const child = fork(file, [JSON.stringify(args)], { execArgv: ["--expose-gc"] });
  const ready = Promise.withResolvers<void>();
  const result = Promise.withResolvers<Result>();
  ready.promise.catch(() => {}); // a failure is told by the result
  child.on("message", (message: JobMessage<Result>) => {
    if ("ready" in message) ready.resolve();
    else void settle(child, () => result.resolve(message.result));
  });
  child.on("exit", (code) => {
    const error = new Error(`${name} ${JSON.stringify(args)} ended with ${code}`);
    ready.reject(error);
    result.reject(error);
  });
  return { ready: ready.promise, result: result.promise };
}

/** Runs a job that needs nobody. */
export function runJobAlone<Result>(name: string, args: object): Promise<Result> {
  return startJob<Result>(name, args).result;
}

/** The next one is to have the machine for itself. */
function settle(child: ChildProcess, resolve: () => void): void {
  child.off("exit", resolve);
  child.prependOnceListener("exit", resolve);
  child.kill("SIGKILL");
}
