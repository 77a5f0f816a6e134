import {
  type DescMessage,
  type DescMethodServerStreaming,
  type DescMethodStreaming,
  toBinary,
} from "@bufbuild/protobuf";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { createAsyncIterable, encodeEnvelopes } from "@connectrpc/connect/protocol";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { type Answers, toAnswers } from "./answers.ts";
import { createUnary } from "./unary.ts";

/** Where calls go and what is done to them on the way. */
export interface GrpcWebOptions {
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly interceptors?: readonly Interceptor[];
}

/**
 * connect-web's gRPC-Web transport, made to carry bidirectional methods too. They run half-closed: all requests are the
 * body of one POST, then the answers come. etcd serves Watch and LeaseKeepAlive so (and must, for its own JSON gateway).
 * The sequence of requests has to be finite.
 */
export function createHalfClosedTransport(options: GrpcWebOptions): Transport {
  const { interceptors = [], ...rest } = options;
  const plain = createGrpcWebTransport({ ...rest, interceptors: [...interceptors] });
  return {
    unary: createUnary(options),
    stream(method, ...call) {
      if (method.methodKind === "server_streaming") return plain.stream(method, ...call);
      const body = fixedBody(options.fetch);
      // Last of the interceptors, so that it meets the requests as the others have left them.
      const transport = createGrpcWebTransport({
        ...rest,
        fetch: body.fetch,
        interceptors: [...interceptors, body.collect],
      });
      return transport.stream(asServerStreaming(method), ...call);
    },
  };
}

// The kind of a method is not on the wire; connect-web only asks for it to know whether it can send the body.
function asServerStreaming<I extends DescMessage, O extends DescMessage>(
  method: DescMethodStreaming<I, O>,
): DescMethodServerStreaming<I, O> {
  return { ...method, methodKind: "server_streaming" };
}

/** One call's requests, enveloped, in place of the single one that connect-web would send; and the answers. */
function fixedBody(send: typeof fetch): { readonly collect: Interceptor; readonly fetch: typeof fetch } {
  let body: Uint8Array<ArrayBuffer>;
  let answers: Answers | undefined;
  return {
    collect: (next) => async (request) => {
      if (!request.stream) return next(request);
      const messages = await gather(request.message);
      const { input, output } = request.method;
      body = encodeEnvelopes(...messages.map((message) => ({ flags: 0, data: toBinary(input, message) })));
      const response = await next({ ...request, message: createAsyncIterable(messages.slice(0, 1)) });
      if (!response.stream || answers === undefined) return response;
      return { ...response, message: answers.read(output, response.message) };
    },
    fetch: async (input, init) => {
      const response = await send(input, { ...init, body });
      if (response.body === null) return response;
      answers = toAnswers(response, response.body);
      return answers.remainder;
    },
  };
}

async function gather<T>(sequence: AsyncIterable<T>): Promise<readonly T[]> {
  const values: T[] = [];
  for await (const value of sequence) values.push(value);
  return values;
}
