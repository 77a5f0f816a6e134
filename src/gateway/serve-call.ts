import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { createAsyncIterable, type UniversalHandler } from "@connectrpc/connect/protocol";
import { universalRequestFromNodeRequest } from "./bundled.ts";

/** Answers one call, whose request is `body`. Resolves when the answer is out, or when whoever asked is gone; never rejects. */
export async function serveCall(
  handler: UniversalHandler,
  request: IncomingMessage,
  response: ServerResponse,
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  try {
    const call = universalRequestFromNodeRequest(request, response, undefined, undefined);
    // Connect keeps bidirectional methods from HTTP/1.1, where a client that waits for an answer before it sends on
    // would hang. Ours has sent everything.
    const answer = await handler({ ...call, body, httpVersion: "2.0" });
    for (const [name, value] of answer.header ?? []) response.setHeader(name, value);
    response.writeHead(answer.status);
    await pipeline(answer.body ?? createAsyncIterable([]), response);
  } catch {
    // Errors of the call are in the answer; what comes here is a connection that is gone.
    response.destroy();
  }
}
