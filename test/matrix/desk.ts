import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Order, Outcome } from "./orders.ts";

/** What a runtime asks at the desk, besides for orders. */
export interface DeskOptions {
  /** Served as a page with this script, on the desk's own origin. */
  readonly script: string;
  /** Resolves when nothing of the case is left on the server. */
  readonly settled: () => Promise<void>;
}

/**
 * Where a runtime, whatever it is, fetches its orders and brings what came of them: all that it needs is `fetch`. So
 * nothing has to be sent into it, and it is driven by nothing but the start of a program, a page or a Worker.
 */
export class Desk {
  /** How who came first calls itself: its `navigator.userAgent`. */
  visitor: string | undefined;
  readonly url: string;
  readonly #server: ReturnType<typeof createServer>;
  readonly #options: DeskOptions;
  /** A visitor that waits for an order. */
  #waiting: ServerResponse | undefined;
  #order: Order | undefined;
  #outcome: PromiseWithResolvers<Outcome> | undefined;
  #isClosed = false;

  static async open(options: DeskOptions): Promise<Desk> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Desk(server, options);
  }

  private constructor(server: ReturnType<typeof createServer>, options: DeskOptions) {
    this.#server = server;
    this.#options = options;
    this.url = `http://localhost:${(server.address() as AddressInfo).port}`;
    server.on("request", (request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        response.writeHead(500).end(error instanceof Error ? error.message : String(error));
      });
    });
  }

  /** Gives the order to who asks next and waits for what comes of it. One at a time. */
  run(order: Order): Promise<Outcome> {
    this.#order = order;
    this.#outcome = Promise.withResolvers();
    this.#hand();
    return this.#outcome.promise;
  }

  /** Sends visitors home. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting?.writeHead(204).end();
    this.#server.close();
    this.#server.closeIdleConnections();
    const force = setTimeout(() => this.#server.closeAllConnections(), 1_000);
    await once(this.#server, "close");
    clearTimeout(force);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (`${request.method} ${request.url}`) {
      case "GET /":
        response.setHeader("content-type", "text/html; charset=utf-8").end(page);
        break;
      case "GET /script.js":
        response.setHeader("content-type", "text/javascript; charset=utf-8").end(this.#options.script);
        break;
      case "POST /order":
        this.visitor ??= await text(request);
        this.#waiting = response;
        this.#hand();
        break;
      case "POST /settled":
        await this.#options.settled();
        response.end();
        break;
      case "POST /outcome":
        this.#outcome?.resolve(JSON.parse(await text(request)));
        response.end();
        break;
      default:
        response.writeHead(404).end();
    }
  }

  #hand(): void {
    if (this.#isClosed) this.#waiting?.writeHead(204).end();
    if (this.#order === undefined || this.#waiting === undefined) return;
    this.#waiting.end(JSON.stringify(this.#order));
    this.#order = undefined;
    this.#waiting = undefined;
  }
}

// An empty icon, or the browser asks for one and logs that there is none.
const page = `<!doctype html><title>The contract</title><link rel="icon" href="data:," />
<script type="module" src="script.js"></script>`;
