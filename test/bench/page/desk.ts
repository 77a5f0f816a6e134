import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import type { Job } from "../job.ts";
import type { Order, PageMessage } from "./orders.ts";

const html = `<!doctype html><title>Benchmark</title><link rel="icon" href="data:," />
<script type="module" src="script.js"></script>`;

/**
 * Where a page fetches its orders and says what came of them. Nothing listens in on the browser meanwhile: a debugger
 * hears of every request, which makes each of them slower.
 */
export class Desk implements AsyncDisposable {
  readonly #script: string;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #order: Order | undefined;
  /** A page that waits for an order. */
  #waiting: ServerResponse | undefined;
  #heard: (message: PageMessage) => void = () => {};

  private constructor(script: string) {
    this.#script = script;
  }

  static async open(script: string): Promise<Desk> {
    const desk = new Desk(script);
    desk.#server.listen(0, "127.0.0.1");
    await once(desk.#server, "listening");
    return desk;
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Whether a page is there. */
  get isVisited(): boolean {
    return this.#waiting !== undefined;
  }

  /** One at a time. */
  start<Result>(name: string, args: object): Job<Result> {
    const ready = Promise.withResolvers<void>();
    const result = Promise.withResolvers<Result>();
    ready.promise.catch(() => {}); // a failure is told by the result
    this.#heard = (message) => {
      if ("ready" in message) ready.resolve();
      if ("result" in message) result.resolve(message.result as Result);
      if ("error" in message) result.reject(new Error(`${name} ${JSON.stringify(args)}: ${message.error}`));
    };
    this.#order = { name, args };
    this.#giveOrder();
    return { ready: ready.promise, result: result.promise };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (request.url) {
      case "/order":
        this.#waiting = response;
        this.#giveOrder();
        break;
      case "/say":
        this.#heard((await json(request)) as PageMessage);
        response.end();
        break;
      case "/script.js":
        response.setHeader("content-type", "text/javascript; charset=utf-8").end(this.#script);
        break;
      default:
        response.setHeader("content-type", "text/html; charset=utf-8").end(html);
    }
  }

  #giveOrder(): void {
    if (this.#waiting === undefined || this.#order === undefined) return;
    this.#waiting.end(JSON.stringify(this.#order));
    this.#waiting = this.#order = undefined;
  }
}
