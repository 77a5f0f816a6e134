import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A real HTTP server on loopback that answers as a test says. */
export interface OddServer extends AsyncDisposable {
  readonly url: string;
  /** Requests so far: headers and bodies. */
  readonly requests: readonly { readonly headers: IncomingMessage["headers"]; readonly body: Buffer }[];
}

/** Starts one; `answer` runs when the request has come whole. */
export async function startOddServer(answer: (response: ServerResponse, count: number) => void): Promise<OddServer> {
  const requests: { headers: IncomingMessage["headers"]; body: Buffer }[] = [];
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    requests.push({ headers: request.headers, body: Buffer.concat(chunks) });
    answer(response, requests.length);
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, requests, [Symbol.asyncDispose]: stop };
}

/** A gRPC-Web frame: flag, length, data. */
export function frame(flag: number, data: Uint8Array | string): Buffer {
  const bytes = Buffer.from(data as string);
  const head = Buffer.alloc(5);
  head.writeUInt8(flag, 0);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
