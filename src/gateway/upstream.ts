import { Code, ConnectError, type Transport } from "@connectrpc/connect";

import { EtcdError } from "../base/errors.ts";
import { systemClock } from "../platform/clock.ts";
import { toBaseUrls } from "../transport/base-urls.ts";
import { rotate } from "../transport/rotating.ts";
import { createGrpcTransport, Http2SessionManager } from "./bundled.ts";

/** The way to etcd. */
export interface Upstream {
  readonly transport: Transport;
  close(): void;
}

/** gRPC over HTTP/2 to one etcd member, or to whichever of several answers. */
export function createUpstream(etcd: string | readonly string[]): Upstream {
  const given = typeof etcd === "string" ? [etcd] : etcd;
  if (given.length === 0) throw new EtcdError("invalid-argument", "etcd is empty: give the host:port of a member");
  const members = toBaseUrls(given.map(withScheme), { origin: undefined }).map(createMember);
  return {
    transport: rotate(
      members.map(({ transport }) => transport),
      systemClock.now,
    ),
    close() {
      for (const member of members) member.close();
    },
  };
}

function withScheme(address: string): string {
  return address.includes("://") ? address : `http://${address}`;
}

function createMember(baseUrl: string): Upstream {
  // A member that is gone without a word is noticed within half a minute. etcd allows a ping every 5 s, and none at all
  // while nothing runs, which is this manager's way too.
  const session = new Http2SessionManager(baseUrl, { pingIntervalMs: 15_000, pingTimeoutMs: 10_000 });
  const transport = createGrpcTransport({ baseUrl, sessionManager: session, acceptCompression: [] });
  const failed = (error: unknown): never => {
    throw explain(error, baseUrl);
  };
  return {
    transport: {
      unary: (...call) => transport.unary(...call).catch(failed),
      stream: (...call) => transport.stream(...call).catch(failed),
    },
    close: () => session.abort(),
  };
}

function explain(error: unknown, baseUrl: string): unknown {
  if (!(error instanceof ConnectError) || !isLocal(error)) return error;
  const text = `the gateway does not reach etcd at ${new URL(baseUrl).host} (${error.rawMessage}): is it running, and is this its address`;
  return new ConnectError(text, Code.Unavailable, undefined, undefined, error.cause);
}

// Not etcd's word, but that of the connection to it.
function isLocal(error: ConnectError): boolean {
  return error.code === Code.Unavailable && !error.isWireError;
}
