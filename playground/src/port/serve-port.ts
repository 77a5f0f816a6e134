import {
  type DescMessage,
  type DescMethod,
  type DescService,
  fromBinary,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { type Answer, pathOf, type Request } from "./messages.ts";

/** What is served at a port. */
export interface PortService {
  readonly services: readonly DescService[];
  /** Where its calls go. */
  readonly transport: () => Transport;
  /** Before a call is made; what it throws is its answer. */
  readonly onCall?: (method: DescMethod) => void;
  /** After it has been answered. */
  readonly onAnswered?: (method: DescMethod) => void;
}

/**
 * Makes the calls that come through a port, of `createPortTransport` at its other end, on a transport. Gives what ends
 * that: calls that run are cancelled, and the port is closed.
 */
export function servePort(port: MessagePort, service: PortService): () => void {
  const methods = new Map(service.services.flatMap((each) => each.methods).map((method) => [pathOf(method), method]));
  const running = new Map<number, ServedCall>();
  const cancelAll = (): void => {
    for (const call of running.values()) call.stop.abort();
  };
  port.addEventListener("message", ({ data: request }: MessageEvent<Request>) => {
    switch (request.kind) {
      case "call": {
        const call = new ServedCall();
        running.set(request.id, call);
        const served = serve(port, request, methods.get(request.path), call, service);
        void served.finally(() => running.delete(request.id));
        return;
      }
      case "input":
        return running.get(request.id)?.inputs.push(request.bytes);
      case "inputs-end":
        return running.get(request.id)?.inputs.end();
      case "cancel":
        return running.get(request.id)?.stop.abort();
      case "bye":
        cancelAll();
    }
  });
  port.start();
  return () => {
    cancelAll();
    port.close();
  };
}

class ServedCall {
  readonly stop = new AbortController();
  readonly inputs = new Inputs();
}

async function serve(
  port: MessagePort,
  { id, path, header }: Extract<Request, { readonly kind: "call" }>,
  method: DescMethod | undefined,
  { inputs, stop: { signal } }: ServedCall,
  { transport, onCall, onAnswered }: PortService,
): Promise<void> {
  const post = (answer: Answer): void => port.postMessage(answer);
  try {
    if (method === undefined) throw new ConnectError(`there is no method ${path}`, Code.Unimplemented);
    onCall?.(method);
    for await (const answer of answers(method, header, inputs.messages(method.input), signal, transport())) {
      post({ ...answer, id });
    }
    onAnswered?.(method);
  } catch (error) {
    const { code, rawMessage, metadata } = ConnectError.from(error);
    post({ kind: "error", id, code, message: rawMessage, metadata: [...metadata] });
  }
}

type Part = { readonly [K in Answer["kind"]]: Omit<Extract<Answer, { readonly kind: K }>, "id"> }[
  | "header"
  | "output"
  | "end"];

async function* answers(
  method: DescMethod,
  header: Iterable<readonly [string, string]>,
  inputs: AsyncIterable<MessageShape<DescMessage>>,
  signal: AbortSignal,
  transport: Transport,
): AsyncGenerator<Part> {
  const sent = new Headers([...header].map(([name, value]): [string, string] => [name, value]));
  if (method.methodKind === "unary") {
    const { value: input } = await inputs[Symbol.asyncIterator]().next();
    const answer = await transport.unary(method as typeof method & { methodKind: "unary" }, signal, 0, sent, input);
    yield { kind: "header", header: [...answer.header] };
    yield { kind: "output", bytes: toBinary(method.output, answer.message) };
    yield { kind: "end", trailer: [...answer.trailer] };
    return;
  }
  const answer = await transport.stream(method as never, signal, 0, sent, inputs);
  yield { kind: "header", header: [...answer.header] };
  for await (const message of answer.message) yield { kind: "output", bytes: toBinary(method.output, message) };
  yield { kind: "end", trailer: [...answer.trailer] };
}

/** The messages of a call as they come in. */
class Inputs {
  readonly #waiting: Uint8Array[] = [];
  #ended = false;
  #wake: (() => void) | undefined;

  push(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *messages<D extends DescMessage>(schema: D): AsyncGenerator<MessageShape<D>> {
    for (;;) {
      const bytes = this.#waiting.shift();
      if (bytes !== undefined) yield fromBinary(schema, bytes);
      else if (this.#ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
