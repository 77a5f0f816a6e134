import type { Transport } from "@connectrpc/connect";
import { linkSignals } from "../base/signals.ts";

/** The same calls, which end with their client. */
export function untilClosed(transport: Transport, closed: AbortSignal): Transport {
  return {
    async unary(method, signal, ...call) {
      const own = linkSignals(signal, closed);
      return await transport.unary(method, own.signal, ...call).finally(own.unlink);
    },
    async stream(method, signal, ...call) {
      const own = linkSignals(signal, closed);
      try {
        const response = await transport.stream(method, own.signal, ...call);
        return { ...response, message: followed(response.message, own.unlink) };
      } catch (error) {
        own.unlink();
        throw error;
      }
    },
  };
}

async function* followed<T>(messages: AsyncIterable<T>, ended: () => void): AsyncGenerator<T, undefined> {
  try {
    yield* messages;
  } finally {
    ended();
  }
}
