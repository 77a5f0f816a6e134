import type { Transport } from "@connectrpc/connect";

/** A transport whose link can stall: no error, no answer, nothing. */
export interface StallingTransport extends Transport {
  /** What is under way, and what begins until `mend`, is never heard of again. */
  stall(): void;
  mend(): void;
}

/** Wraps a transport. */
export function stallingTransport(inner: Transport): StallingTransport {
  let links = 0;
  let stalled = false;
  return {
    stall() {
      links++;
      stalled = true;
    },
    mend() {
      stalled = false;
    },
    async unary(method, signal, ...rest) {
      const link = links;
      if (stalled) return await silence(signal);
      const answer = await inner.unary(method, signal, ...rest);
      return link === links ? answer : await silence(signal);
    },
    async stream(method, signal, ...rest) {
      const link = links;
      if (stalled) return await silence(signal);
      const answer = await inner.stream(method, signal, ...rest);
      return { ...answer, message: untilStalled(answer.message, () => link === links, signal) };
    },
  };
}

async function* untilStalled<M>(
  messages: AsyncIterable<M>,
  isWell: () => boolean,
  signal: AbortSignal | undefined,
): AsyncIterable<M> {
  for await (const message of messages) {
    if (!isWell()) await silence(signal);
    yield message;
  }
  if (!isWell()) await silence(signal);
}

/** Until it is left. */
export function silence(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason), { once: true }));
}
