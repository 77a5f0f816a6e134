import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import type { Clock } from "../../platform/clock.ts";
import { watched } from "../../transport/watched.ts";
import { createGrpcTransport } from "../bundled.ts";
import type { Credentials } from "./credentials.ts";
import { throughHalfClosed } from "./half-closed.ts";
import { ServerKind } from "./server-kind.ts";
import { Sessions } from "./sessions.ts";
import type { Upstream } from "./upstream.ts";

/** gRPC over HTTP/2 to one member, or to whatever answers in its place. */
export function createMember(baseUrl: string, credentials: Credentials, clock: Clock): Upstream {
  let kind = new ServerKind();
  const sessionManager = new Sessions(baseUrl, credentials, () => {
    kind = new ServerKind();
  });
  const transport = createGrpcTransport({ baseUrl, sessionManager, acceptCompression: [] });
  return {
    transport: throughHalfClosed(explained(transport, new URL(baseUrl).host), { clock, kind: () => kind }),
    close: () => sessionManager.close(),
  };
}

/** The same calls; their errors say what the connection's own do not. */
function explained(transport: Transport, host: string): Transport {
  const explain = (error: unknown, signal: AbortSignal | undefined): never => {
    throw signal?.aborted ? error : lostOr(error, host);
  };
  return {
    unary: (method, signal, ...call) =>
      transport.unary(method, signal, ...call).catch((error) => explain(error, signal)),
    async stream(method, signal, ...call) {
      const response = await transport
        .stream(method, signal, ...call)
        .catch((error: unknown) => explain(error, signal));
      return { ...response, message: watched(response.message, (error) => explain(error, signal)) };
    },
  };
}

/** A connection that ends takes its calls along, with whatever code its last frame suggests. */
function lostOr(error: unknown, host: string): unknown {
  if (!(error instanceof ConnectError) || error.isWireError || !lostCodes.has(error.code)) return error;
  if (error.rawMessage.startsWith("the gateway does not reach etcd")) return error;
  const advice = /\b(SSL|TLS)/i.test(error.rawMessage) ? ": do cacert, cert and key fit" : "";
  const text = `the gateway has lost etcd at ${host} before the answer was whole (${error.rawMessage.trim()})${advice}`;
  return new ConnectError(text, Code.Unavailable, undefined, undefined, error);
}

const lostCodes: ReadonlySet<Code> = new Set([
  Code.Aborted,
  Code.Canceled,
  Code.Internal,
  Code.Unavailable,
  Code.Unknown,
]);
