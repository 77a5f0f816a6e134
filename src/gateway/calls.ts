import type { RequestListener } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Code, ConnectError, createConnectRouter, type Transport } from "@connectrpc/connect";
import { forwardAll } from "./forward.ts";
import { serveCall } from "./serve-call.ts";

/** How long callers have to take the last of an answer when the gateway stops. */
const graceMs = 300;

/** The calls of a gateway: which there can be, which there are, and the end of them. */
export interface Calls {
  readonly active: number;
  /** What answers a path, if it is that of a method. */
  find(path: string): RequestListener | undefined;
  /** Ends every call with status Unavailable. Resolves when the answers are out, or were not taken in time. */
  stop(): Promise<void>;
}

/** Answers etcd's calls, as gRPC-Web, by making them on `transport`. */
export function createCalls(transport: Transport, maxRequestBytes: number): Calls {
  const stopping = new AbortController();
  const router = createConnectRouter({ grpc: false, connect: false, shutdownSignal: stopping.signal });
  forwardAll(router, transport);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  const active = new Set<Promise<void>>();
  return {
    get active() {
      return active.size;
    },
    find(path) {
      const handler = handlers.get(path);
      if (handler === undefined) return undefined;
      return (request, response) => {
        const call = serveCall(handler, request, response, maxRequestBytes).finally(() => active.delete(call));
        active.add(call);
      };
    },
    async stop() {
      stopping.abort(new ConnectError("the gateway is stopping", Code.Unavailable));
      await Promise.race([Promise.all(active), sleep(graceMs, undefined, { ref: false })]);
    },
  };
}
