import type { IncomingMessage, ServerResponse } from "node:http";
import type { UniversalHandler } from "@connectrpc/connect/protocol";
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
    await send(answer.body ?? [], response, call.signal);
  } catch {
    // Errors of the call are in the answer; what comes here is a connection that is gone.
    response.destroy();
  }
}

/**
 * Writes as fast as the other side reads, to the end or until it is gone. Not `pipeline()`: over HTTP/2 that takes a
 * stream which was reset for one that has finished, and waits without end for it to take more.
 */
async function send(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  let gone = signal.aborted;
  let wake = (): void => {};
  response.on("drain", () => wake());
  response.on("error", () => {}); // told by the close that comes with it
  response.on("close", () => {
    gone = true;
    wake();
  });
  for await (const frame of body) {
    const full = !gone && !response.write(frame);
    if (full && !gone) await new Promise<void>((resolve) => (wake = resolve));
    if (gone) return;
  }
  await new Promise<void>((resolve) => {
    wake = resolve;
    response.end(resolve);
  });
}
