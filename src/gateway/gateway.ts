import type { RequestListener } from "node:http";
import { EtcdError } from "../base/errors.ts";
import { type Calls, createCalls } from "./calls.ts";
import { bracketed, createDoor, ownNames } from "./door.ts";
import { serveFiles } from "./files.ts";
import { createHealth, type Health } from "./health.ts";
import { signIn } from "./identity/sign-in.ts";
import { answer, createListener, pathOf } from "./listener.ts";
import { createMetrics, type Metrics, type RefusalReason } from "./metrics.ts";
import { answerHealth, listenForMonitors } from "./monitor.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { type GatewayOptions, type Settings, toSettings } from "./options.ts";
import { type Listening, listen } from "./server.ts";
import { createUpstream, type Upstream } from "./upstream/upstream.ts";

/** A gateway that listens. */
export interface Gateway extends AsyncDisposable {
  /** Where it answers, such as "http://127.0.0.1:5379": an endpoint for `createEtcd`. */
  readonly url: string;
  /** Where it listens, also where 0 was asked for. */
  readonly port: number;
  /** Where the port for monitors answers, if there is one. */
  readonly monitorUrl: string | undefined;
  /** How many calls are open now, watches included. */
  readonly activeRequests: number;
  /** Whether etcd behind it answers, as `/health` says. Never rejects. */
  health(): Promise<GatewayHealth>;
  /** Its counters in Prometheus' text format, as `/metrics` of the port for monitors gives them. */
  metrics(): Promise<string>;
  /** Ends every call and stream, and resolves when the port is free. */
  close(): Promise<void>;
}

/** How etcd behind a gateway does. */
export type GatewayHealth = Health;

/**
 * Serves etcd over gRPC-Web, for pages, Workers and whatever else has only `fetch`: a real one, or one in this process.
 * It listens on this machine alone, only to pages of its own origin, and lets no call through to a real etcd, until it is
 * told more. Rejects with EtcdError "invalid-argument" for options that cannot be, and "unavailable" where it cannot
 * listen.
 *
 * @example
 * ```ts
 * import { createGateway } from "etcd-web/gateway";
 *
 * await using gateway = await createGateway({
 *   etcd: "127.0.0.1:2379",
 *   origins: ["http://localhost:3000"],
 *   policy: { prefixes: ["config/"] }, // to read; { prefixes, readOnly: false } to write as well
 * });
 * console.log(gateway.url);
 * ```
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const settings = toSettings(options);
  const page = settings.assets === undefined ? withoutPage : serveFiles(settings.assets, notFound);
  const upstream = toUpstream(options);
  const gateway = new Running(settings, upstream, page);
  try {
    return await gateway.start();
  } catch (error) {
    await gateway.close();
    throw error;
  }
}

class Running implements Gateway {
  readonly #settings: Settings;
  readonly #upstream: Upstream;
  readonly #page: RequestListener;
  readonly #calls: Calls;
  readonly #metrics: Metrics;
  readonly health: () => Promise<Health>;
  #main: Listening | undefined;
  #monitor: Listening | undefined;
  #closed: Promise<void> | undefined;

  constructor(settings: Settings, upstream: Upstream, page: RequestListener) {
    const now = (): number => performance.now();
    const { auth } = settings;
    const transport = auth === undefined ? upstream.transport : signIn(upstream.transport, auth, now);
    this.#settings = settings;
    this.#upstream = upstream;
    this.#page = page;
    this.health = createHealth(transport, now);
    this.#metrics = createMetrics({
      connections: () => this.#main?.connections ?? 0,
      upstreamUp: async () => (await this.health()).healthy,
    });
    this.#calls = createCalls(transport, settings, this.#metrics);
  }

  async start(): Promise<Gateway> {
    const refused = (): void => this.#metrics.refused("connection");
    this.#monitor = await listenForMonitors(this.#settings, this.#metrics, this.health);
    this.#main = await listen(this.#settings, (port) => this.#listenerAt(port), refused);
    return this;
  }

  get port(): number {
    return this.#main?.port ?? 0;
  }

  get url(): string {
    return `${this.#settings.tls === undefined ? "http" : "https"}://${shownHost(this.#settings.host)}:${this.port}`;
  }

  get monitorUrl(): string | undefined {
    const { monitor } = this.#settings;
    return monitor && this.#monitor && `http://${shownHost(monitor.host)}:${this.#monitor.port}`;
  }

  get activeRequests(): number {
    return this.#calls.active;
  }

  metrics(): Promise<string> {
    return this.#metrics.text();
  }

  close(): Promise<void> {
    this.#closed ??= this.#stop();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #listenerAt(port: number): RequestListener {
    const { host, hosts, origins } = this.#settings;
    const refused = (reason: RefusalReason): void => this.#metrics.refused(reason);
    const listener = createListener({
      door: createDoor({ port, hosts: [...ownNames(host), ...hosts], origins }),
      at: (path) => (path === "/health" ? this.#answerHealth : this.#calls.find(path)),
      elsewhere: this.#page,
      refused,
    });
    return oneAtATime(listener, () => refused("request"));
  }

  readonly #answerHealth: RequestListener = (_request, response) => void answerHealth(response, this.health);

  async #stop(): Promise<void> {
    const listening = [this.#main, this.#monitor].filter((each) => each !== undefined);
    const free = listening.map((each) => each.close());
    await this.#calls.stop();
    for (const each of listening) each.cut();
    this.#upstream.close();
    await Promise.all(free);
  }
}

function toUpstream({ etcd, etcdTls, memory }: GatewayOptions): Upstream {
  if (etcd !== undefined && memory === undefined) return createUpstream({ etcd, tls: etcdTls });
  if (memory !== undefined && etcd === undefined) return { transport: memory.transport, close() {} };
  throw new EtcdError("invalid-argument", "createGateway takes either `etcd` or `memory`");
}

function shownHost(host: string): string {
  return host === "0.0.0.0" || host === "::" ? "localhost" : bracketed(host);
}

const withoutPage: RequestListener = (request, response) => {
  if (pathOf(request) !== "/") return notFound(request, response);
  answer(response, 200, "This is etcd, over gRPC-Web: createEtcd({ endpoints }) of etcd-web takes this URL.");
};

const notFound: RequestListener = (request, response) => {
  answer(response, 404, `There is neither a file nor a method of etcd at ${pathOf(request)}.`);
};
