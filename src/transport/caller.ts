import type {
  DescMessage,
  DescMethodStreaming,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import { backoffMs } from "../base/backoff.ts";
import { EtcdError } from "../base/errors.ts";
import { linkSignals, untilAborted } from "../base/signals.ts";
import { type Platform, sleep } from "../platform/platform.ts";
import type { Endpoint, Endpoints } from "./endpoints.ts";
import { type Attempt, blamesEndpoint, toAbortError, toEtcdError } from "./to-etcd-error.ts";

/** As many attempts as Go's client makes. */
const mostAttempts = 100;
/** Where no endpoint has ever answered, its URL may be wrong: that must not take long to say. */
const mostUnreached = 10;
/** Go waits 25 ms throughout, which a crowd of pages would not be kind to do. */
const waits = { firstMs: 25, longestMs: 1_000 };

/** What every call takes. */
export interface CallOptions {
  /** Ends the call at once, with EtcdError "aborted" ("timeout" for `AbortSignal.timeout()`); watches reject with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the call, over all attempts; for streams: until opened. Infinity: no limit. */
  readonly timeoutMs?: number | undefined;
  /** Headers of this call, beside the client's. */
  readonly headers?: HeadersInit | undefined;
}

/** Makes calls for the features: one place for repetition, time-outs, closing, headers and errors. */
export interface Caller {
  /** Aborted when the client is closed. */
  readonly closed: AbortSignal;
  /**
   * A read: it is repeated while that may help and the time lasts, unless it is to be made `once`. `what` names it in
   * errors; default: the method.
   */
  read<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    message: MessageInitShape<I>,
    options: (CallOptions & { readonly once?: boolean | undefined }) | undefined,
    what?: string,
  ): Promise<MessageShape<O>>;
  /**
   * A write: sent to endpoints that have answered before, and repeated only after an error that proves it never ran.
   * After any other, the error says that it may have run.
   */
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
  readonly endpoints: Endpoints;
  readonly platform: Pick<Platform, "now" | "setTimeout" | "random">;
  /** For calls that do not say. */
  readonly timeoutMs: number;
  readonly headers?: HeadersInit | undefined;
  /** Aborted when the client is closed. */
  readonly closed: AbortSignal;
}

/** A caller over a client's endpoints. */
export function createCaller(client: CallerOptions): Caller {
  const { endpoints, platform, closed } = client;
  const shared = client.headers && toHeaders(client.headers);

  async function unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    message: MessageInitShape<I>,
    options: CallOptions & { readonly once?: boolean | undefined },
    attempt: Attempt,
  ): Promise<MessageShape<O>> {
    const timeoutMs = toTimeout(options.timeoutMs ?? client.timeoutMs);
    const deadline = timeoutMs === 0 ? Number.POSITIVE_INFINITY : platform.now() + timeoutMs;
    const headers = merge(shared, options.headers);
    for (let failures = 0; ; ) {
      const endpoint = endpoints.choose();
      const left = deadline - platform.now();
      const share = endpoint.hasOther ? left / 2 : left; // silence must leave time for the others
      const call: Send<MessageShape<O>> = async (signal, ms) =>
        (await endpoint.transport.unary(method, signal, ms, headers, message)).message;
      try {
        if (!attempt.write) return await once(call, attempt, share, options.signal);
        if (endpoint.isProven) return await once(call, attempt, left, options.signal);
        await once(() => endpoint.prove(headers), { ...attempt, write: false }, share, options.signal);
      } catch (error) {
        if (options.once || !(await again(error as EtcdError, endpoint, ++failures, deadline, options.signal)))
          throw error;
      }
    }
  }

  async function once<T>(send: Send<T>, attempt: Attempt, patienceMs: number, own?: AbortSignal): Promise<T> {
    const { signal, abort, unlink } = linkSignals(own, closed);
    if (signal.aborted) throw toAbortError(signal.reason, { ...attempt, write: false });
    const limited = patienceMs < Number.POSITIVE_INFINITY;
    const late = (): void => abort(new EtcdError("timeout", "no answer within timeoutMs"));
    const cancel = limited ? platform.setTimeout(late, patienceMs) : () => {};
    try {
      return await untilAborted(send(signal, limited ? Math.ceil(patienceMs) : 0), signal);
    } catch (error) {
      throw toEtcdError(error, { ...attempt, signal });
    } finally {
      cancel();
      unlink();
    }
  }

  /** Whether to try again, when the time for it has come. */
  async function again(
    error: EtcdError,
    endpoint: Endpoint,
    failures: number,
    deadline: number,
    own?: AbortSignal,
  ): Promise<boolean> {
    if (own?.aborted || closed.aborted) return false;
    if (error.code === "timeout") endpoint.failed(); // its own word comes later, if ever
    if (error.mayHaveRun || !blamesEndpoint(error)) return false;
    if (failures >= (endpoints.reached ? mostAttempts : mostUnreached)) return false;
    const next = endpoints.choose();
    const moves = next !== endpoint && !next.isResting;
    if (moves) return platform.now() < deadline;
    const waitMs = backoffMs(waits, failures, platform.random);
    if (!error.retryable || platform.now() + waitMs >= deadline) return false;
    const { signal, unlink } = linkSignals(own, closed);
    await sleep(platform, waitMs, signal);
    unlink();
    return true;
  }

  return {
    closed: client.closed,
    read: (method, message, options = {}, what = nameOf(method)) =>
      unary(method, message, options, { what, write: false }),
    write: (method, message, options = {}) => unary(method, message, options, { what: nameOf(method), write: true }),
    async stream(method, messages, { signal, headers }) {
      const requests = inTurn(messages);
      const answer = endpoints.transport.stream(method, signal, 0, merge(shared, headers), requests);
      return (await untilAborted(answer, signal)).message;
    },
  };
}

type Send<T> = (signal: AbortSignal, timeoutMs: number) => Promise<T>;

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

function merge(shared: Headers | undefined, own: HeadersInit | undefined): Headers | undefined {
  if (own === undefined) return shared;
  const headers = new Headers(shared);
  for (const [name, value] of toHeaders(own)) headers.set(name, value);
  return headers;
}

/** Headers as fetch takes them, or "invalid-argument": a name or value that no request can carry. */
export function toHeaders(given: HeadersInit | undefined): Headers {
  try {
    return new Headers(given);
  } catch (cause) {
    throw new EtcdError("invalid-argument", `headers: ${(cause as Error).message}`, { cause });
  }
}
