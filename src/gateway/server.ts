import { createServer, type RequestListener, type Server } from "node:http";
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import { EtcdError } from "../base/errors.ts";
import { clientOf } from "./client-address.ts";
import type { Settings } from "./options.ts";

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** How many connections there are now. */
  readonly connections: number;
  /** Takes no more connections. Resolves when the port is free, which wants `cut()` or everybody's leave. */
  close(): Promise<void>;
  /** Ends all connections. */
  cut(): void;
}

/** What it needs of the settings. */
export type ServerSettings = Pick<Settings, "host" | "port" | "tls" | "limits" | "proxies">;

/** What answers, on a port that is only known now. */
export type ListenerAt = (port: number) => RequestListener;

/** HTTP/1.1; with a certificate HTTP/2 as well, on the same port. Rejects with "unavailable" where it cannot listen. */
export async function listen(
  settings: ServerSettings,
  listenerAt: ListenerAt,
  refused: () => void = () => {},
): Promise<Listening> {
  const server = createFor(settings);
  const sockets = keepConnections(server, settings, refused);
  const port = await begin(server, settings);
  server.on("error", refused); // a connection that could not be taken, for want of file descriptors
  server.on("request", listenerAt(port) as never);
  return {
    port,
    get connections() {
      return sockets.size;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
    cut() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function createFor({ tls, limits }: ServerSettings): Server | Http2SecureServer {
  // A body that is read has a clock of its own, whose error can be read; this is for the others. 0 stands for never.
  const requestTimeout = Number.isFinite(limits.requestMs) ? Math.ceil(limits.requestMs) + 5_000 : 0;
  const http1 = { ...reading, requestTimeout, headersTimeout: Math.min(30_000, requestTimeout || 30_000) };
  if (tls === undefined) return createServer(http1);
  try {
    const server = createSecureServer({ ...http1, ...http2, ...tls, allowHTTP1: true, handshakeTimeout: 10_000 });
    const { keepAliveTimeout, connectionsCheckingInterval, requestTimeout, headersTimeout } = http1;
    // Node 22 takes them from here alone.
    Object.assign(server, { keepAliveTimeout, connectionsCheckingInterval, requestTimeout, headersTimeout });
    return server.on("session", (session) => endWhenIdle(session, reading.keepAliveTimeout));
  } catch (cause) {
    const text = `tls holds a certificate or key that cannot be used (${(cause as Error).message})`;
    throw new EtcdError("invalid-argument", text, { cause });
  }
}

/** On reading requests; nothing limits how long an answer may stream. */
const reading = {
  // Longer than browsers keep a connection they do not use, so that no request meets one that is just closing.
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
  noDelay: true,
  // A caller that is gone without a word is noticed, though nothing is sent to it.
  keepAlive: true,
  keepAliveInitialDelay: 30_000,
};

/** What one HTTP/2 connection may do. */
const http2 = {
  settings: { maxConcurrentStreams: 256, maxHeaderListSize: 16 * 1024, enableConnectProtocol: false },
  maxSessionMemory: 16, // MiB
  maxSessionInvalidFrames: 100,
  maxSessionRejectedStreams: 100,
  // Streams that are opened and reset at once cost us more than the other side: 200, then 50 a second.
  streamResetBurst: 200,
  streamResetRate: 50,
};

/** As HTTP/1.1 connections without a request are ended, so are these without a stream. */
export function endWhenIdle(session: ServerHttp2Session, idleMs: number): void {
  let streams = 0;
  session.on("stream", (stream) => {
    streams++;
    stream.once("close", () => {
      streams--;
      session.setTimeout(idleMs); // from now on: the end of a stream alone does not set the clock again
    });
  });
  session.setTimeout(idleMs);
  // Each time, not once: it also comes while a stream is open and quiet.
  session.on("timeout", () => {
    if (streams === 0) session.close();
  });
}

/** The open connections; those past a limit are closed as they come. */
function keepConnections(
  server: Server | Http2SecureServer,
  { limits, proxies }: ServerSettings,
  refused: () => void,
): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  const ofClient = new Map<string, number>();
  const mostOfOne = proxies > 0 ? Infinity : limits.connectionsPerClient;
  server.on("connection", (socket: Socket) => {
    const client = clientOf({ remote: socket.remoteAddress, forwarded: undefined }, 0);
    const held = ofClient.get(client) ?? 0;
    if (sockets.size >= limits.connections || held >= mostOfOne) {
      refused();
      socket.destroy();
      return;
    }
    sockets.add(socket);
    ofClient.set(client, held + 1);
    socket.once("close", () => {
      sockets.delete(socket);
      const left = (ofClient.get(client) ?? 1) - 1;
      if (left > 0) ofClient.set(client, left);
      else ofClient.delete(client);
    });
  });
  return sockets;
}

async function begin(server: Server | Http2SecureServer, { host, port }: ServerSettings): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void => reject(cannotListen(cause, host, port));
    server.once("error", failed);
    server.listen(port, host, () => {
      server.off("error", failed);
      resolve();
    });
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
