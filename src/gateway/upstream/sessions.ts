import type { ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import { connect as connectTcp, type Socket } from "node:net";
import { checkServerIdentity, connect as connectTls, type PeerCertificate } from "node:tls";
import { Code, ConnectError } from "@connectrpc/connect";
import type { createGrpcTransport } from "../bundled.ts";
import { Connection } from "./connection.ts";
import type { Credentials } from "./credentials.ts";

type SessionManager = NonNullable<Parameters<typeof createGrpcTransport>[0]["sessionManager"]>;

/** The connections to a member: one, and more when it is full of streams. */
export class Sessions implements SessionManager {
  readonly authority: string;
  readonly #connections: Connection[] = [];
  readonly #create: () => Connection;

  /** @param connecting told of every new connection */
  constructor(baseUrl: string, credentials: Credentials, connecting: () => void) {
    this.authority = new URL(baseUrl).origin;
    const connectOnce = (): Socket => {
      connecting();
      return connect(new URL(baseUrl), credentials);
    };
    this.#create = () => new Connection(baseUrl, connectOnce);
  }

  async request(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    options: object,
  ): Promise<ClientHttp2Stream> {
    try {
      for (let index = 0; ; index++) {
        const connection = this.#connections[index] ?? this.#create();
        this.#connections[index] = connection;
        const stream = await connection.request(method, path, headers, options);
        if (stream !== undefined) return stream;
      }
    } catch (cause) {
      throw this.#unreachable(ConnectError.from(cause));
    }
  }

  notifyResponseByteRead(stream: ClientHttp2Stream): void {
    for (const { manager } of this.#connections) manager.notifyResponseByteRead(stream);
  }

  close(): void {
    for (const { manager } of this.#connections) manager.abort();
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
  const secureContext = credentials.latest();
  return connectTls({
    ...{ host, port: Number(port || 443), servername, secureContext, ALPNProtocols: ["h2"] },
    // Without a name to ask for, Node would look for the address that is dialled.
    checkServerIdentity: (_host: string, certificate: PeerCertificate) => checkServerIdentity(serverName, certificate),
  });
}
