import type {
  DescMethod,
  DescMethodBiDiStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
} from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter, type HandlerContext, type Transport } from "@connectrpc/connect";
import { services } from "./services.ts";

/** Serves every method of every service by calling the same one of `transport`, whatever its messages are. */
export function forwardAll(router: ConnectRouter, transport: Transport): void {
  for (const service of services) {
    for (const method of service.methods) forward(router, method, transport);
  }
}

function forward(router: ConnectRouter, method: DescMethod, transport: Transport): void {
  if (isUnary(method)) {
    router.rpc(method, async (request, context) => {
      return (await transport.unary(method, ...callOf(context), request)).message;
    });
  } else if (isServerStreaming(method)) {
    router.rpc(method, async function* (request, context) {
      yield* (await transport.stream(method, ...callOf(context), only(request))).message;
    });
  } else if (isBidirectional(method)) {
    router.rpc(method, async function* (requests, context) {
      yield* (await transport.stream(method, ...callOf(context), requests)).message;
    });
  } else {
    throw new ConnectError(`etcd has no method like ${method.parent.typeName}.${method.name}`, Code.Internal);
  }
}

/** What every call passes on: its end, its time and the headers that etcd reads. */
function callOf({ signal, timeoutMs, requestHeader }: HandlerContext): [AbortSignal, number, Headers] {
  const headers = new Headers();
  for (const name of ["token", "authorization", "hasleader"]) {
    const value = requestHeader.get(name);
    if (value !== null) headers.set(name, value);
  }
  return [signal, timeoutMs() ?? 0, headers];
}

async function* only<T>(message: T): AsyncGenerator<T> {
  yield message;
}

// The kind of a described method does not narrow its type.
function isUnary(method: DescMethod): method is DescMethodUnary {
  return method.methodKind === "unary";
}

function isServerStreaming(method: DescMethod): method is DescMethodServerStreaming {
  return method.methodKind === "server_streaming";
}

function isBidirectional(method: DescMethod): method is DescMethodBiDiStreaming {
  return method.methodKind === "bidi_streaming";
}
