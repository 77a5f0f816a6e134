import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { ServerHttp2Stream } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError, createConnectRouter, type Interceptor, type Transport } from "@connectrpc/connect";
import type { UniversalHandler } from "@connectrpc/connect/protocol";
import { ClientAccounts, type Ticket } from "./client-accounts.ts";
import { clientOf } from "./client-address.ts";
import { forwardAll } from "./forward.ts";
import { asCaller, asGateway } from "./identity/headers.ts";
import type { CallMeter, Metrics } from "./metrics.ts";
import type { Settings } from "./options.ts";
import { guard } from "./policy/guard.ts";
import { receive } from "./receive.ts";
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

/** What calls need to know. */
export type CallSettings = Pick<Settings, "judge" | "auth" | "limits" | "proxies">;

/** Answers etcd's calls, as gRPC-Web, by making them on `transport`: those that the policy and the limits let through. */
export function createCalls(transport: Transport, settings: CallSettings, metrics: Metrics): Calls {
  const { judge, limits } = settings;
  const stopping = new AbortController();
  const router = createConnectRouter({
    grpc: false,
    connect: false,
    acceptCompression: [],
    interceptors: interceptorsOf(settings, metrics),
    shutdownSignal: stopping.signal,
  });
  forwardAll(router, transport);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  const accounts = new ClientAccounts(
    limits,
    () => performance.now(),
    () => metrics.refused("limit"),
  );
  const active = new Set<Promise<void>>();

  function requireMethod(method: DescMethod): void {
    const reason = judge.refuseMethod(method);
    if (reason === undefined) return;
    metrics.refused("policy");
    throw new ConnectError(reason, Code.PermissionDenied);
  }

  /** What there is to read of a request; where it may not come in, its error. */
  async function* bodyOf(request: IncomingMessage, ticket: Ticket, method: DescMethod): AsyncGenerator<Uint8Array> {
    ticket.enter();
    requireMethod(method);
    yield* receive(request, ticket, limits);
  }

  async function serve(handler: UniversalHandler, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method } = handler;
    const meter = metrics.begun(method);
    endWithAnswer(request, response);
    const ticket = counted(accounts.ticket(clientAt(request, settings.proxies)), meter);
    const body = bodyOf(request, ticket, method);
    try {
      await serveCall(metered(handler, meter, metrics), request, response, body);
    } finally {
      body.return(undefined).catch(() => {}); // an answer may be there before all was read: nothing is late then
      ticket.leave();
      meter.ended();
    }
  }

  return {
    get active() {
      return active.size;
    },
    find(path) {
      const handler = handlers.get(path);
      if (handler === undefined) return undefined;
      return (request, response) => {
        const call = serve(handler, request, response).finally(() => active.delete(call));
        active.add(call);
      };
    },
    async stop() {
      stopping.abort(new ConnectError("the gateway is stopping", Code.Unavailable));
      await Promise.race([Promise.all(active), sleep(graceMs, undefined, { ref: false })]);
    },
  };
}

function interceptorsOf({ judge, auth, limits: { watchesPerCall } }: CallSettings, metrics: Metrics): Interceptor[] {
  const refused = ({ code }: ConnectError): void =>
    metrics.refused(code === Code.PermissionDenied ? "policy" : "limit");
  const identity = auth === undefined ? asCaller : asGateway(refused);
  return [identity, guard(judge, { watchesPerCall, refused })];
}

function clientAt({ socket, headers }: IncomingMessage, proxies: number): string {
  return clientOf({ remote: socket.remoteAddress, forwarded: headers["x-forwarded-for"]?.toString() }, proxies);
}

function counted(ticket: Ticket, meter: CallMeter): Ticket {
  return {
    ...ticket,
    received(bytes) {
      meter.received(bytes);
      ticket.received(bytes);
    },
  };
}

/** As `handler`; what it answers is counted. */
function metered(handler: UniversalHandler, meter: CallMeter, metrics: Metrics): UniversalHandler {
  async function* counting(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const frame of body) {
      meter.sent(frame);
      yield frame;
    }
  }
  const answer: (...call: Parameters<UniversalHandler>) => ReturnType<UniversalHandler> = async (request) => {
    const given = await handler(request);
    if (given.status !== 200) metrics.refused("request");
    return given.body === undefined ? given : { ...given, body: counting(given.body) };
  };
  return Object.assign(answer, handler);
}

// An HTTP/2 stream stays until its request has ended too, though nobody reads what still comes.
function endWithAnswer(request: IncomingMessage, response: ServerResponse): void {
  if (!("stream" in response)) return;
  const stream = response.stream as ServerHttp2Stream;
  stream.once("finish", () => {
    if (!request.complete) stream.close();
  });
}
