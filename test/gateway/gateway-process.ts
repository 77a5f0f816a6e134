import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createGateway, type GatewayOptions } from "../../src/gateway/index.ts";
import { onExit } from "../fixtures/on-exit.ts";

/** Gateways in a process of their own, so that what it holds is theirs. */
export interface GatewayProcess extends AsyncDisposable {
  readonly ports: readonly number[];
  /** Bytes that are left when all that is not needed has been thrown away: Node's heap and its buffers. */
  heldBytes(): Promise<number>;
  /** Calls that are open in all of them. */
  activeRequests(): Promise<number>;
}

type Question = { readonly start: readonly GatewayOptions[] } | { readonly ask: "held" | "active" };

/** Starts one gateway for each of the options, which must be plain values. */
export async function startGatewayProcess(...options: readonly GatewayOptions[]): Promise<GatewayProcess> {
  const child = fork(import.meta.filename, { execArgv: ["--expose-gc"] });
  child.once(
    "exit",
    onExit(() => child.kill("SIGKILL")),
  );
  const ports = (await ask(child, { start: options })) as number[];
  return {
    ports,
    heldBytes: async () => Number(await ask(child, { ask: "held" })),
    activeRequests: async () => Number(await ask(child, { ask: "active" })),
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

/** One question at a time. */
async function ask(child: ChildProcess, question: Question): Promise<unknown> {
  const asked = new AbortController();
  const answer = once(child, "message", asked).then(([message]) => message as unknown);
  const ended = once(child, "exit", asked).then(([code]) => Promise.reject(new Error(`The gateways ended: ${code}`)));
  child.send(question);
  try {
    return await Promise.race([answer, ended]);
  } finally {
    asked.abort();
  }
}

if (process.send !== undefined && process.argv[1] === import.meta.filename) {
  const gateways: Awaited<ReturnType<typeof createGateway>>[] = [];
  process.on("message", async (question: Question) => process.send?.(await reply(question)));
  process.on("disconnect", () => process.exit());

  async function reply(question: Question): Promise<unknown> {
    if ("start" in question) {
      for (const options of question.start) gateways.push(await createGateway(options));
      return gateways.map(({ port }) => port);
    }
    if (question.ask === "active") return gateways.reduce((sum, { activeRequests }) => sum + activeRequests, 0);
    for (let i = 0; i < 3; i++) {
      globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  }
}
