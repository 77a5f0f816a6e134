import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { EnvoyProxy } from "../../fixtures/envoy.ts";
import type { Answers, Order } from "./orders.ts";

/** A client in a process of its own, with a watch that nobody reads, and neighbours. */
export class StalledClient implements AsyncDisposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Over HTTP/2 where Envoy has a certificate. */
  static async start({ url, caCert = "" }: EnvoyProxy): Promise<StalledClient> {
    const child = fork(join(import.meta.dirname, "client.ts"), [url, caCert], { execArgv: ["--expose-gc"] });
    const client = new StalledClient(child);
    await client.#answer();
    return client;
  }

  measure(): Promise<Answers> {
    return this.#order({ measure: true });
  }

  readUpTo(revision: bigint): Promise<Answers> {
    return this.#order({ readUpTo: String(revision) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, "exit");
  }

  async #order(order: Order): Promise<Answers> {
    this.#child.send(order);
    return (await this.#answer()) as Answers;
  }

  #answer(): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const onExit = (code: number | null): void => reject(new Error(`The client has ended with ${code}.`));
    this.#child.once("message", resolve).once("exit", onExit);
    return promise.finally(() => this.#child.off("exit", onExit));
  }
}
