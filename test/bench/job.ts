import { type ChildProcess, fork, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onExit } from "../fixtures/on-exit.ts";
import type { Place } from "./contenders/contender.ts";
import { goClient } from "./contenders/contenders.ts";
import type { JobMessage } from "./run-job.ts";

/** Work in a process of its own. */
export interface Job<Result> {
  /** What is measured may begin. */
  readonly ready: Promise<void>;
  readonly result: Promise<Result>;
}

/** What a job is told; who is to do it decides what it is written in. */
interface JobArgs {
  readonly place?: Place;
  readonly contender?: string;
}

/** Starts a file of `jobs/`, or the command of that name in `go/`; it ends with its result, or with this process. */
export function startJob<Result>(name: string, args: object): Job<Result> {
  const ready = Promise.withResolvers<void>();
  const result = Promise.withResolvers<Result>();
  ready.promise.catch(() => {}); // a failure is told by the result
  const { contender } = args as JobArgs;
  const { child, listen } = contender === goClient ? startInGo(name, args) : startInNode(name, args);
  listen((message) => {
    if ("ready" in message) ready.resolve();
    else void settle(child, () => result.resolve(message.result as Result));
  });
  const forget = onExit(() => child.kill("SIGKILL")); // one that never rests hears of no disconnection
  child.on("exit", (code) => {
    forget();
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

interface Started {
  readonly child: ChildProcess;
  readonly listen: (heard: (message: JobMessage<unknown>) => void) => void;
}

function startInNode(name: string, args: object): Started {
  const file = join(import.meta.dirname, "jobs", `${name}.ts`);
  const child = fork(file, [JSON.stringify(args)], { execArgv: ["--expose-gc"] });
  return { child, listen: (heard) => child.on("message", heard) };
}

/** It says its messages in lines, and ends when its input does. */
function startInGo(name: string, { place, ...args }: JobArgs): Started {
  const all = JSON.stringify({ ...args, etcd: place?.etcd });
  const child = spawn(place?.go ?? "", [name, all], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  return { child, listen: (heard) => lines.on("line", (line) => heard(JSON.parse(line))) };
}

/** The next one is to have the machine for itself. */
function settle(child: ChildProcess, resolve: () => void): void {
  child.prependOnceListener("exit", resolve);
  child.kill("SIGKILL");
}
