import type { IncomingMessage } from "node:http";
import { longestTimerMs } from "../platform/clock.ts";
import type { Ticket } from "./client-accounts.ts";

/** The body of a request, as far as the client may send it: throws "resource-exhausted" where it is too much or too slow. */
export async function* receive(
  request: IncomingMessage,
  ticket: Ticket,
  { requestMs }: { readonly requestMs: number },
): AsyncGenerator<Uint8Array> {
  ticket.announced(Number(request.headers["content-length"] ?? 0));
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => {}); // where nobody waits for more
  const timer =
    requestMs <= longestTimerMs ? setTimeout(() => late.reject(ticket.late()), requestMs).unref() : undefined;
  // What is left of a refused request is thrown away by the server: its connection serves the next one.
  const chunks = request.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      const { done, value } = await Promise.race([chunks.next(), late.promise]);
      if (done) return ticket.whole();
      ticket.received(value.byteLength);
      yield value;
    }
  } finally {
    clearTimeout(timer);
    // Not waited for: behind a slow body it would wait for that.
    chunks.return?.().catch(() => {});
  }
}
