import { Code, ConnectError, createContextValues, type Transport } from "@connectrpc/connect";
import {
  createClientMethodSerializers,
  createMethodUrl,
  encodeEnvelope,
  runUnaryCall,
} from "@connectrpc/connect/protocol";
import {
  requestHeader,
  trailerFlag,
  trailerParse,
  validateResponse,
  validateTrailer,
} from "@connectrpc/connect/protocol-grpc-web";
import { headLength, lengthAt } from "./frames.ts";
import type { GrpcWebOptions } from "./grpc-web.ts";

/**
 * Connect's way of a gRPC-Web call with one answer, whose body is taken at once: connect-web parts it by a stream under
 * a stream, which costs half as much again as the call itself.
 */
export function createUnary({ baseUrl, fetch, interceptors: given = [] }: GrpcWebOptions): Transport["unary"] {
  const interceptors = [...given];
  return async (method, signal, timeoutMs, header, message, contextValues) => {
    const limit = timeoutMs || undefined; // 0: none
    const { serialize, parse } = createClientMethodSerializers(method, true);
    const called = { stream: false, service: method.parent, method } as const;
    return runUnaryCall({
      interceptors,
      ...(signal && { signal }),
      ...(limit && { timeoutMs: limit }),
      req: {
        ...called,
        requestMethod: "POST",
        url: createMethodUrl(baseUrl, method),
        header: requestHeader(true, limit, header, false),
        contextValues: contextValues ?? createContextValues(),
        message,
      },
      next: async (request) => {
        const { url, requestMethod, header: headers, signal } = request;
        const response = await fetch(url, {
          method: requestMethod,
          headers,
          signal,
          body: encodeEnvelope(0, serialize(request.message)),
        });
        const { headerError } = validateResponse(response.status, response.headers);
        const body = new Uint8Array(await response.arrayBuffer());
        const { data, trailer } = readAnswer(body);
        if (headerError !== undefined && !trailer?.has("grpc-status")) throw headerError;
        if (trailer === undefined) throw missing("trailer", response.headers);
        validateTrailer(trailer, response.headers);
        if (data === undefined) throw missing("message", trailer);
        return { ...called, header: response.headers, message: parse(data), trailer };
      },
    });
  };
}

/** A whole body: at most one message, and the trailers, which say how the call went. */
function readAnswer(body: Uint8Array): {
  readonly data: Uint8Array | undefined;
  readonly trailer: Headers | undefined;
} {
  let data: Uint8Array | undefined;
  let trailer: Headers | undefined;
  for (let at = 0; at < body.length; ) {
    const from = at + headLength;
    const end = from > body.length ? from : from + lengthAt(body, at);
    if (end > body.length) throw new ConnectError("protocol error: incomplete envelope", Code.InvalidArgument);
    const [flags, content] = [body[at], body.subarray(from, end)];
    if (flags === trailerFlag && trailer === undefined) trailer = trailerParse(content);
    else if (flags === 0 && data === undefined) data = content;
    else throw new ConnectError(`protocol error: an envelope with flags ${flags} too many`, Code.Internal);
    at = end;
  }
  return { data, trailer };
}

/** A server without the method may say so by a status alone. */
function missing(what: string, headers: Headers): ConnectError {
  return new ConnectError(`missing ${what}`, headers.has("grpc-status") ? Code.Unimplemented : Code.Unknown);
}
