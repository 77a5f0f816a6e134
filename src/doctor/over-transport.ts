import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { ConnectError, type Transport } from "@connectrpc/connect";
import type { Exchange, Method, Open, Step } from "./exchange.ts";

/** Calls over any Connect transport, such as the memory etcd's: there is no HTTP to look at then. */
export function overTransport(transport: Transport): Open {
  return async (method, messages, { headers, signal }): Promise<Exchange> => ({
    head: undefined,
    steps: stepsOf(transport, method, messages, headers, signal),
    text: async () => "",
  });
}

async function* stepsOf(
  transport: Transport,
  method: Method,
  messages: readonly Uint8Array[],
  headers: Headers,
  signal: AbortSignal,
): AsyncGenerator<Step> {
  const inputs = messages.map((data) => fromBinary(method.input, data));
  const own = new Headers(headers);
  // A transport writes these itself.
  for (const name of ["content-type", "x-grpc-web", "x-user-agent", "grpc-timeout"]) own.delete(name);
  const timeoutMs = Number.parseInt(headers.get("grpc-timeout") ?? "0", 10);
  try {
    if (method.methodKind === "unary") {
      const { message } = await transport.unary(method, signal, timeoutMs, own, inputs[0] as never);
      yield { kind: "message", data: toBinary(method.output, message) };
    } else {
      const { message } = await transport.stream(method, signal, timeoutMs, own, each(inputs) as never);
      for await (const answer of message) yield { kind: "message", data: toBinary(method.output, answer) };
    }
    yield { kind: "status", status: { code: 0, text: "", via: "transport" } };
  } catch (error) {
    const { code, rawMessage } = ConnectError.from(error);
    yield { kind: "status", status: { code, text: rawMessage, via: "transport" } };
  }
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
