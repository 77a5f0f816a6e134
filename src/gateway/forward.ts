import type {
  DescMessage,
  DescMethod,
  DescMethodBiDiStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  MessageShape,
} from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter, type HandlerContext, type Transport } from "@connectrpc/connect";
import { Lease } from "../gen/etcdserverpb/lease_pb.ts";
import { holdOpen, PairedStream } from "./hold-open.ts";
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
    router.rpc(method, (requests, context) => forwardBoth(method, transport, requests, context));
  } else {
    throw new ConnectError(`etcd has no method like ${method.parent.typeName}.${method.name}`, Code.Internal);
  }
}

/** A stream whose requests have all come, while the call behind goes on as if more could. */
function forwardBoth(
  method: DescMethodBiDiStreaming,
  transport: Transport,
  requests: Messages,
  context: HandlerContext,
): Messages {
  const open = async (all: Messages): Promise<Messages> =>
    (await transport.stream(method, ...callOf(context), all)).message;
  const paired = method.parent.typeName === Lease.typeName;
  return paired ? new PairedStream(requests).answers(open) : answers(open, holdOpen(requests, context.signal));
}

type Messages = AsyncIterable<MessageShape<DescMessage>>;

// A generator opens its call when it is read, so that no failure goes unheard.
async function* answers(open: (requests: Messages) => Promise<Messages>, requests: Messages): Messages {
  yield* await open(requests);
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
