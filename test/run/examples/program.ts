import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { onExit } from "../../fixtures/on-exit.ts";

/** An example that runs. */
export interface Program extends AsyncDisposable {
  /** What it has printed, its errors among them. */
  readonly lines: readonly string[];
  /** Waits for a line that matches; rejects where it ends without one. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Sends it a signal, and waits for its end. */
  end(signal: NodeJS.Signals): Promise<number | string>;
}

/** Variables of the environment. */
export type Surroundings = Readonly<Record<string, string>>;

/** Runs an example as a user does, but for where etcd is. */
export function startProgram(file: string, endpoints: string | Surroundings, ...args: string[]): Program {
  const own = typeof endpoints === "string" ? { ENDPOINTS: endpoints } : endpoints;
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, ...own },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const forget = onExit(() => child.kill("SIGKILL"));
  const lines: string[] = [];
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on("line", (line) => lines.push(line));
  let open = true;
  const ended = once(child, "close").then(([code, signal]) => {
    open = false;
    forget();
    return code ?? signal;
  });
  const end = (signal: NodeJS.Signals): Promise<number | string> => {
    child.kill(signal);
    return ended;
  };
  return {
    lines,
    ended,
    end,
    async says(pattern) {
      for (const deadline = Date.now() + 30_000; ; await sleep(20)) {
        const wasOpen = open && Date.now() < deadline;
        const found = lines.map((line) => pattern.exec(line)).find((match) => match !== null);
        if (found) return found;
        if (!wasOpen) throw new Error(`${file} does not say ${pattern}. It printed:\n${lines.join("\n")}`);
      }
    },
    [Symbol.asyncDispose]: async () => void (await end("SIGKILL")),
  };
}
