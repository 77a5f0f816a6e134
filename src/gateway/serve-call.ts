import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { Code, ConnectError } from "@connectrpc/connect";
import { createAsyncIterable, type UniversalHandler } from "@connectrpc/connect/protocol";
import { universalRequestFromNodeRequest } from "./bundled.ts";

/** Answers one call. Resolves when the answer is out, or when whoever asked is gone; never rejects. */
export async function serveCall(
  handler: UniversalHandler,
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
): Promise<void> {
  try {
    const call = universalRequestFromNodeRequest(request, response, undefined, undefined);
    const body = limit(request, maxBytes);
    // Connect keeps bidirectional methods from HTTP/1.1, where a client that waits for an answer before it sends on
    // would hang. Ours has sent everything.
    const answer = await handler({ ...call, body, httpVersion: "2.0" });
    response.setHeaders(new Headers(answer.header)).writeHead(answer.status);
    await pipeline(answer.body ?? createAsyncIterable([]), response);
  } catch {
    // Errors of the call are in the answer; what comes here is a connection that is gone.
    response.destroy();
  }
}

// The words are gRPC's, by which a client knows what is the matter.
async function* limit(body: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      const text = `grpc: received message larger than max (over ${maxBytes} bytes, the gateway's maxRequestBytes)`;
      throw new ConnectError(text, Code.ResourceExhausted);
    }
    yield chunk;
  }
}
