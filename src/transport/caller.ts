import type {
  DescMessage,
  DescMethodStreaming,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { EtcdError } from "../base/errors.ts";
import { linkSignals, untilAborted } from "../base/signals.ts";
import { type Attempt, toAbortError, toEtcdError } from "./to-etcd-error.ts";

/** What every call takes. */
export interface CallOptions {
  /** Ends the call at once, with EtcdError "aborted" ("timeout" for `AbortSignal.timeout()`); watches reject with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the call, over all attempts; for streams: until opened. Infinity: no limit. */
  readonly timeoutMs?: number | undefined;
  /** Headers of this call, beside the client's. */
  readonly headers?: HeadersInit | undefined;
}

/** Makes calls for the features: one place for time-outs, closing, headers and errors. */
export interface Caller {
  /** Aborted when the client is closed. */
  readonly closed: AbortSignal;
  /** A read: it changes nothing, whatever happens to it. `what` names it in errors; default: the method. */
  read<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    message: MessageInitShape<I>,
    options: CallOptions | undefined,
    what?: string,
  ): Promise<MessageShape<O>>;
  /** A write: where the answer is lost, the error says that it may have run. */
  write<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    message: MessageInitShape<I>,
    options: CallOptions | undefined,
  ): Promise<MessageShape<O>>;
  /**
   * A half-closed stream: all `messages` go out, then the answers come. It has no time-out and ends with `signal`,
   * which the caller must abort when it stops reading: Connect's iterators cannot be left otherwise. What the answers
   * throw is still Connect's: `toEtcdError` makes it ours.
   */
  stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodStreaming<I, O>,
    messages: Iterable<MessageInitShape<I>>,
    options: { readonly signal: AbortSignal; readonly headers?: HeadersInit | undefined },
  ): Promise<AsyncIterable<MessageShape<O>>>;
}

/** What all calls of a client share. */
export interface CallerOptions {
  readonly transport: Transport;
  /** For calls that do not say. */
  readonly timeoutMs: number;
  readonly headers?: HeadersInit | undefined;
  /** Aborted when the client is closed. */
  readonly closed: AbortSignal;
}

/** A caller over any Connect transport. */
export function createCaller(client: CallerOptions): Caller {
  async function unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    message: MessageInitShape<I>,
    options: CallOptions,
    attempt: Attempt,
  ): Promise<MessageShape<O>> {
    const timeoutMs = toTimeout(options.timeoutMs ?? client.timeoutMs);
    const headers = merge(client.headers, options.headers);
    const { signal, unlink } = linkSignals(options.signal, client.closed);
    if (signal.aborted) throw toAbortError(signal.reason, { ...attempt, write: false });
    try {
      const answer = client.transport.unary(method, signal, timeoutMs, headers, message);
      return (await untilAborted(answer, signal)).message;
    } catch (error) {
      throw toEtcdError(error, { ...attempt, signal });
    } finally {
      unlink();
    }
  }
  return {
    closed: client.closed,
    read: (method, message, options = {}, what = nameOf(method)) =>
      unary(method, message, options, { what, write: false }),
    write: (method, message, options = {}) => unary(method, message, options, { what: nameOf(method), write: true }),
    async stream(method, messages, { signal, headers }) {
      const requests = inTurn(messages);
      const answer = client.transport.stream(method, signal, 0, merge(client.headers, headers), requests);
      return (await untilAborted(answer, signal)).message;
    },
  };
}

/** `timeoutMs` as Connect takes it (0: none), or "invalid-argument". gRPC has 8 digits for it. */
export function toTimeout(timeoutMs: number): number {
  if (timeoutMs === Number.POSITIVE_INFINITY) return 0;
  if (typeof timeoutMs === "number" && timeoutMs > 0 && timeoutMs < 1e8) return Math.ceil(timeoutMs);
  throw new EtcdError(
    "invalid-argument",
    `timeoutMs must be above 0 and below 100,000,000 (27 hours), or Infinity, not ${timeoutMs}`,
  );
}

// Made when they are asked for: a stream may live for days, and must not hold on to what it has sent.
async function* inTurn<T>(messages: Iterable<T>): AsyncIterable<T> {
  yield* messages;
}

function nameOf(method: DescMethodUnary | DescMethodStreaming): string {
  return `${method.parent.name}.${method.name}`;
}

function merge(shared: HeadersInit | undefined, own: HeadersInit | undefined): Headers {
  const headers = new Headers(shared);
  for (const [name, value] of new Headers(own)) headers.set(name, value);
  return headers;
}
