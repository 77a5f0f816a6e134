import { createServer, type RequestListener, type Server } from "node:http";
import { EtcdError } from "../base/errors.ts";
import { type Calls, createCalls } from "./calls.ts";
import { bracketed, createDoor, ownNames } from "./door.ts";
import { serveFiles } from "./files.ts";
import { answer, createListener, pathOf } from "./listener.ts";
import { type GatewayOptions, type Settings, toSettings } from "./options.ts";
import { createUpstream, type Upstream } from "./upstream/upstream.ts";

/** A gateway that listens. */
export interface Gateway extends AsyncDisposable {
  /** Where it answers, such as "http://127.0.0.1:5379": an endpoint for `createEtcd`. */
  readonly url: string;
  readonly port: number;
  /** How many calls are open now, watches included. */
  readonly activeRequests: number;
  /** Ends every call and stream, and resolves when the port is free. */
  close(): Promise<void>;
}

/**
 * Serves etcd over gRPC-Web, for pages, Workers and whatever else has only `fetch`: a real one, or one in this process.
 * It listens on this machine alone, and only to pages of its own origin, until it is told more. Rejects with EtcdError
 * "invalid-argument" for options that cannot be, and "unavailable" where it cannot listen.
 *
 * @example
 * ```ts
 * import { createGateway } from "etcd-web/gateway";
 *
 * await using gateway = await createGateway({ etcd: "127.0.0.1:2379", origins: ["http://localhost:3000"] });
 * console.log(gateway.url);
 * ```
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const settings = toSettings(options);
  const page = settings.assets === undefined ? withoutPage : serveFiles(settings.assets, notFound);
  const upstream = toUpstream(options);
  const calls = createCalls(upstream.transport, settings.maxRequestBytes);
  const server = createServer(limits);
  const port = await listen(server, settings);
  const hosts = [...ownNames(settings.host), ...settings.hosts];
  const door = createDoor({ port, hosts, origins: settings.origins });
  server.on("request", createListener({ door, call: calls.find, page }));
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= stop(server, calls, upstream));
  return {
    url: `http://${shownHost(settings.host)}:${port}`,
    port,
    get activeRequests() {
      return calls.active;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** On reading requests; nothing limits how long an answer may stream. */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // Longer than browsers keep a connection they do not use, so that no request meets one that is just closing.
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
};

function toUpstream({ etcd, etcdTls, memory }: GatewayOptions): Upstream {
  if (etcd !== undefined && memory === undefined) return createUpstream({ etcd, tls: etcdTls });
  if (memory !== undefined && etcd === undefined) return { transport: memory.transport, close() {} };
  throw new EtcdError("invalid-argument", "createGateway takes either `etcd` or `memory`");
}

async function listen(server: Server, { host, port }: Settings): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(cannotListen(cause, host, port)));
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

function cannotListen(cause: NodeJS.ErrnoException, host: string, port: number): EtcdError {
  const where = `port ${port} of ${host}`;
  const known: Partial<Record<string, string>> = {
    EADDRINUSE: `${where} is taken by another program: choose another with the option port`,
    EACCES: `${where} may not be listened on by this user: choose one above 1023 with the option port`,
    EADDRNOTAVAIL: `${host} is not an address of this machine: choose another with the option host`,
    ENOTFOUND: `${host} is not a name that leads anywhere: choose another with the option host`,
  };
  const text = known[cause.code ?? ""] ?? `${where} cannot be listened on (${cause.message})`;
  return new EtcdError("unavailable", `The gateway did not start: ${text}`, { cause });
}

async function stop(server: Server, calls: Calls, upstream: Upstream): Promise<void> {
  const free = new Promise<void>((resolve) => server.close(() => resolve()));
  await calls.stop();
  server.closeAllConnections();
  upstream.close();
  await free;
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
