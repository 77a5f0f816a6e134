import { basename, dirname } from "node:path";
import { partBinary } from "../../fixtures/install.ts";
import { workerdPart } from "../../fixtures/parts/runtime-parts.ts";
import { startWorkerd } from "../../fixtures/workerd.ts";
import type { Enter } from "./place.ts";
import { versionOf } from "./programs.ts";

/** Cloudflare's own runtime, with a Worker that does one thing a request. */
export const workerd: Enter = async ({ desk, script }) => {
  const { url, output, stop } = await startWorkerd({
    folder: dirname(script),
    script: basename(script),
    variables: {},
    v8Flags: ["--expose-gc"],
  });
  const failures = askAgainAndAgain(url, desk.url);
  return {
    version: await versionOf(await partBinary(workerdPart.name)),
    complaints: () => [...output().split("\n").filter(isComplaint), ...failures],
    [Symbol.asyncDispose]: stop,
  };
};

/** A request for each order, until the desk has no more. Gives what went wrong, as it comes. */
function askAgainAndAgain(worker: string, desk: string): readonly string[] {
  const failures: string[] = [];
  const asking = async (): Promise<void> => {
    for (;;) {
      const response = await fetch(worker, { headers: { desk } });
      if (response.status === 204) return;
      if (!response.ok) throw new Error(`A request ended with ${response.status}: ${await response.text()}`);
    }
  };
  asking().catch((error: unknown) => failures.push(String(error)));
  return failures;
}

/** It cannot use a cache of its own with the flags that it is given, and says so. */
function isComplaint(line: string): boolean {
  return line !== "" && !line.includes("bootstrap compile cache failed");
}
