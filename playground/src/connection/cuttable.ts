import { Code, ConnectError, type Transport } from "@connectrpc/connect";

/** A transport whose connection can be cut. */
export interface CuttableTransport {
  readonly transport: Transport;
  /** Ends what runs, on the wire too, as a lost connection does; nothing gets through until `mend()`. */
  cut(): void;
  mend(): void;
}

/** Calls that go to `inner` while there is a connection. */
export function cuttable(inner: Transport): CuttableTransport {
  let line = new AbortController();
  const cutOff = (): ConnectError =>
    new ConnectError("the connection has been cut here, in this page", Code.Unavailable);
  /** The call's own signal, and the line's. */
  function held(signal: AbortSignal | undefined): { readonly line: AbortSignal; readonly signal: AbortSignal } {
    if (line.signal.aborted) throw cutOff();
    return { line: line.signal, signal: AbortSignal.any(signal === undefined ? [line.signal] : [signal, line.signal]) };
  }
  return {
    transport: {
      async unary(method, signal, ...rest) {
        const call = held(signal);
        return inner.unary(method, call.signal, ...rest).catch((error: unknown) => {
          throw call.line.aborted && !signal?.aborted ? cutOff() : error;
        });
      },
      async stream(method, signal, ...rest) {
        const call = held(signal);
        const told = (error: unknown): unknown => (call.line.aborted && !signal?.aborted ? cutOff() : error);
        try {
          const answer = await inner.stream(method, call.signal, ...rest);
          return { ...answer, message: telling(answer.message, told) };
        } catch (error) {
          throw told(error);
        }
      },
    },
    cut: () => line.abort(),
    mend() {
      line = new AbortController();
    },
  };
}

async function* telling<T>(messages: AsyncIterable<T>, told: (error: unknown) => unknown): AsyncGenerator<T> {
  try {
    yield* messages;
  } catch (error) {
    throw told(error);
  }
}
