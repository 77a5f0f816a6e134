import type { ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { Code, ConnectError } from "@connectrpc/connect";
import { type createGrpcTransport, Http2SessionManager } from "../bundled.ts";
import type { Credentials } from "./credentials.ts";

type SessionManager = NonNullable<Parameters<typeof createGrpcTransport>[0]["sessionManager"]>;

/** The connection to a member, made when it is needed, and made anew when it is lost. */
export class Sessions implements SessionManager {
  readonly authority: string;
  readonly #manager: Http2SessionManager;

  /** @param connecting told of every new connection */
  constructor(baseUrl: string, credentials: Credentials, connecting: () => void) {
    this.authority = new URL(baseUrl).origin;
    const createConnection = (): Socket => {
      connecting();
      return connect(new URL(baseUrl), credentials);
    };
    // A member that is gone without a word is noticed within half a minute. etcd allows a ping every 5 s, and none at
    // all while nothing runs, which is this manager's way too.
    const pings = { pingIntervalMs: 15_000, pingTimeoutMs: 10_000 };
    this.#manager = new Http2SessionManager(baseUrl, pings, { createConnection });
  }

  async request(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    options: object,
  ): Promise<ClientHttp2Stream> {
    try {
      return await this.#manager.request(method, path, headers, options);
    } catch (cause) {
      throw this.#unreachable(ConnectError.from(cause));
    }
  }

  notifyResponseByteRead(stream: ClientHttp2Stream): void {
    this.#manager.notifyResponseByteRead(stream);
  }

  close(): void {
    this.#manager.abort();
  }

  // A client knows these words: what could not be sent has not run.
  #unreachable(cause: ConnectError): ConnectError {
    const { host, protocol } = new URL(this.authority);
    const advice =
      protocol === "https:" ? "is this its address, and do cacert, cert and key fit" : "is this its address";
    const text = `the gateway does not reach etcd at ${host} (${cause.rawMessage}): is it running, and ${advice}`;
    return new ConnectError(text, Code.Unavailable, undefined, undefined, cause);
  }
}

function connect({ protocol, hostname, port }: URL, credentials: Credentials): Socket {
  const host = hostname.replace(/^\[|\]$/g, "");
  if (protocol === "http:") return connectTcp({ host, port: Number(port || 80) });
  const { serverName = host } = credentials;
  const servername = /^[\d.]+$|:/.test(serverName) ? "" : serverName; // an address is no name to ask for
  return connectTls({
    ...{ host, port: Number(port || 443), ALPNProtocols: ["h2"], secureContext: credentials.latest(), servername },
  });
}
