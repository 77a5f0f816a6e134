import { type DescMessage, type DescMethod, fromBinary, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, createContextValues, type Interceptor, type Transport } from "@connectrpc/connect";
import { runStreamingCall, runUnaryCall } from "@connectrpc/connect/protocol";
import { type Answer, pathOf, type Request } from "./messages.ts";

/** A Connect transport whose calls go through a MessagePort, to what `servePort` serves at its other end. */
export function createPortTransport(port: MessagePort, interceptors: Interceptor[] = []): Transport {
  const calls = new Calls(port);
  return {
    unary(method, signal, timeoutMs, header, message, contextValues = createContextValues()) {
      return runUnaryCall({
        req: { ...requestOf(method, header, contextValues), stream: false, method, message },
        interceptors,
        ...(signal && { signal }),
        ...limit(timeoutMs),
        async next(request) {
          const answers = calls.start(request, one(request.message), request.signal);
          const header = await answers.header;
          let message: MessageShape<typeof method.output> | undefined;
          for await (const bytes of answers.outputs()) message ??= fromBinary(method.output, bytes);
          if (message === undefined) throw new ConnectError("the answer has no message", Code.Internal);
          return { stream: false, service: method.parent, method, header, trailer: await answers.trailer, message };
        },
      });
    },
    stream(method, signal, timeoutMs, header, message, contextValues = createContextValues()) {
      return runStreamingCall({
        req: { ...requestOf(method, header, contextValues), stream: true, method, message },
        interceptors,
        ...(signal && { signal }),
        ...limit(timeoutMs),
        async next(request) {
          const answers = calls.start(request, request.message, request.signal);
          const trailer = new Headers();
          async function* messages(): AsyncGenerator<MessageShape<typeof method.output>> {
            for await (const bytes of answers.outputs()) yield fromBinary(method.output, bytes);
            for (const [name, value] of await answers.trailer) trailer.append(name, value);
          }
          const header = await answers.header;
          return { stream: true, service: method.parent, method, header, trailer, message: messages() };
        },
      });
    },
  };
}

function requestOf<M extends DescMethod, C>(method: M, header: HeadersInit | undefined, contextValues: C) {
  return {
    service: method.parent,
    requestMethod: "POST",
    url: pathOf(method),
    header: new Headers(header),
    contextValues,
  };
}

/** Zero is no limit, as in Connect's own transports. */
function limit(timeoutMs: number | undefined): { timeoutMs?: number } {
  return timeoutMs === undefined || timeoutMs <= 0 ? {} : { timeoutMs };
}

async function* one<T>(message: T): AsyncGenerator<T> {
  yield message;
}

/** The calls that run. */
class Calls {
  readonly #port: MessagePort;
  readonly #running = new Map<number, Call>();
  #made = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    port.addEventListener("message", ({ data }: MessageEvent<Answer>) => this.#running.get(data.id)?.hear(data));
    port.start();
  }

  start<I extends DescMessage>(
    request: { readonly method: DescMethod & { readonly input: I }; readonly header: Headers },
    inputs: AsyncIterable<MessageShape<I>>,
    signal: AbortSignal,
  ): Call {
    const id = ++this.#made;
    const call = new Call(() => {
      this.#running.delete(id);
      signal.removeEventListener("abort", cancel);
    });
    const cancel = (): void => {
      this.#post({ kind: "cancel", id });
      call.fail(ConnectError.from(signal.reason, Code.Canceled));
    };
    this.#running.set(id, call);
    signal.addEventListener("abort", cancel);
    this.#post({ kind: "call", id, path: pathOf(request.method), header: [...request.header] });
    void this.#send(id, request.method.input, inputs, call);
    return call;
  }

  async #send<I extends DescMessage>(
    id: number,
    schema: I,
    inputs: AsyncIterable<MessageShape<I>>,
    call: Call,
  ): Promise<void> {
    try {
      for await (const input of inputs) this.#post({ kind: "input", id, bytes: toBinary(schema, input) });
      this.#post({ kind: "inputs-end", id });
    } catch (error) {
      this.#post({ kind: "cancel", id });
      call.fail(ConnectError.from(error));
    }
  }

  #post(request: Request): void {
    this.#port.postMessage(request);
  }
}

/** What one call is answered. */
class Call {
  readonly #header = Promise.withResolvers<Headers>();
  readonly #trailer = Promise.withResolvers<Headers>();
  readonly #ended: () => void;
  readonly #outputs: ReadableStream<Uint8Array>;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #over = false;

  constructor(ended: () => void) {
    this.#ended = ended;
    this.#outputs = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
    });
    // Whoever reads the messages hears of a failure there.
    this.#header.promise.catch(() => {});
    this.#trailer.promise.catch(() => {});
  }

  get header(): Promise<Headers> {
    return this.#header.promise;
  }

  get trailer(): Promise<Headers> {
    return this.#trailer.promise;
  }

  /** Not the stream's own iterator: not every browser has one. */
  async *outputs(): AsyncGenerator<Uint8Array> {
    const reader = this.#outputs.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  }

  hear(answer: Answer): void {
    if (this.#over) return;
    if (answer.kind === "header") this.#header.resolve(toHeaders(answer.header));
    else if (answer.kind === "output") this.#controller.enqueue(answer.bytes);
    else if (answer.kind === "error")
      this.fail(new ConnectError(answer.message, answer.code, toHeaders(answer.metadata)));
    else {
      this.#end();
      this.#controller.close();
      this.#header.resolve(new Headers());
      this.#trailer.resolve(toHeaders(answer.trailer));
    }
  }

  fail(error: ConnectError): void {
    if (this.#over) return;
    this.#end();
    this.#controller.error(error);
    this.#header.reject(error);
    this.#trailer.reject(error);
  }

  #end(): void {
    this.#over = true;
    this.#ended();
  }
}

function toHeaders(pairs: Iterable<readonly [string, string]>): Headers {
  const headers = new Headers();
  for (const [name, value] of pairs) headers.append(name, value);
  return headers;
}
