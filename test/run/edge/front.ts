import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A proxy that notes the calls, and can hold them back. */
export interface Front extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string;
  /** `host:port`. */
  readonly host: string;
  /** The methods called, as `KV.Range`, in order. */
  readonly calls: readonly string[];
  /** Those of pages alone. */
  readonly pageCalls: readonly string[];
  /** Those whose caller has gone before there was an answer. */
  readonly left: readonly string[];
  /** Lets calls of this method wait until the function returned is called. */
  hold(method: string): () => void;
}

/** Puts one before a URL. */
export async function startFront(target: string): Promise<Front> {
  const calls: string[] = [];
  const pageCalls: string[] = [];
  const left: string[] = [];
  const held = new Map<string, Promise<void>>();
  const server = createServer((incoming, answer) => {
    const method = /\.(\w+\/\w+)$/.exec(incoming.url ?? "")?.[1]?.replace("/", ".") ?? "";
    const isCall = incoming.method === "POST"; // and not what a browser asks before
    if (isCall) calls.push(method);
    if (isCall && incoming.headers.origin !== undefined) pageCalls.push(method);
    answer.on("close", () => {
      if (!answer.headersSent) left.push(method);
    });
    void Promise.resolve(isCall && held.get(method)).then(() => forward(target, incoming, answer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    calls,
    pageCalls,
    left,
    hold(method) {
      const { promise, resolve } = Promise.withResolvers<void>();
      held.set(method, promise);
      return () => {
        held.delete(method);
        resolve();
      };
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function forward(target: string, incoming: IncomingMessage, answer: ServerResponse): void {
  if (answer.destroyed) return;
  const { method, headers, url = "/" } = incoming;
  const outgoing = request(new URL(url, target), { method, headers }, (answered) => {
    answer.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(answer);
  });
  outgoing.on("error", () => answer.destroy());
  answer.on("close", () => outgoing.destroy());
  incoming.pipe(outgoing);
}
