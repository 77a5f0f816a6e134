import { type DescMessage, type DescMethodStreaming, type DescMethodUnary, toBinary } from "@bufbuild/protobuf";
import { createEnvelopeReadableStream, encodeEnvelopes } from "@connectrpc/connect/protocol";
import { trailerFlag, trailerParse } from "@connectrpc/connect/protocol-grpc-web";

/** A method of etcd. */
export type Method = DescMethodUnary | DescMethodStreaming;

/** How a call of gRPC ended. */
export interface Status {
  /** gRPC's number; 0 is success. */
  readonly code: number;
  readonly text: string;
  /** Where it was: an error that comes alone is in the headers, which a page reads only where CORS exposes them. */
  readonly via: "headers" | "trailers" | "transport";
}

/** One thing that arrives. */
export type Step =
  | { readonly kind: "message"; readonly data: Uint8Array }
  | { readonly kind: "status"; readonly status: Status }
  /** The end came without a status. */
  | { readonly kind: "cut"; readonly error: unknown };

/** What HTTP says of an answer. */
export interface Head {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly isRedirect: boolean;
}

/** An answer that has begun. */
export interface Exchange {
  /** Undefined where there is no HTTP: over a transport. */
  readonly head: Head | undefined;
  /** For a gRPC-Web answer; ends with a status or a cut. */
  readonly steps: AsyncIterable<Step>;
  /** The beginning of any other. */
  text(): Promise<string>;
}

/** How calls are made: over fetch, or over a transport. Rejects where nothing answers. */
export type Open = (
  method: Method,
  messages: readonly Uint8Array[],
  options: { readonly headers: Headers; readonly signal: AbortSignal },
) => Promise<Exchange>;

/**
 * Calls over fetch that show all that happens on the way. Connect's transport would judge it, and leave an error in
 * which much of that is gone.
 */
export function overFetch(baseUrl: string, send: typeof fetch): Open {
  return async (method, messages, { headers, signal }) => {
    const body = encodeEnvelopes(...messages.map((data) => ({ flags: 0, data })));
    const url = `${baseUrl}/${method.parent.typeName}/${method.name}`;
    const response = await send(url, { method: "POST", headers, body, signal, redirect: "manual" });
    const isRedirect = response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400);
    const type = response.headers.get("content-type") ?? "";
    return {
      head: { status: response.status, type, headers: response.headers, isRedirect },
      steps: stepsOf(response),
      text: () => beginning(response),
    };
  };
}

/** Whether the answer claims to be gRPC-Web's. */
export function isGrpcWeb(head: Head): boolean {
  return /^application\/grpc-web(\+proto)?(;|$)/.test(head.type);
}

/** A request as it goes over the wire. */
export function encode<I extends DescMessage>(
  method: { readonly input: I },
  message: Parameters<typeof toBinary<I>>[1],
): Uint8Array {
  return toBinary(method.input, message);
}

async function* stepsOf(response: Response): AsyncGenerator<Step> {
  const early = statusIn(response.headers, "headers");
  try {
    for await (const { flags, data } of envelopes(response)) {
      if ((flags & trailerFlag) === 0) yield { kind: "message", data };
      else return yield toEnd(statusIn(trailerParse(data), "trailers") ?? early);
    }
  } catch (error) {
    return yield { kind: "cut", error };
  }
  yield toEnd(early);
}

function toEnd(status: Status | undefined): Step {
  return status === undefined ? { kind: "cut", error: undefined } : { kind: "status", status };
}

async function* envelopes(response: Response): AsyncGenerator<{ flags: number; data: Uint8Array }> {
  if (response.body === null) return;
  const reader = createEnvelopeReadableStream(response.body).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    reader.cancel().catch(() => {}); // left early; a body that failed has nobody else to tell
  }
}

/** The status of a call among these headers, if it is there. */
export function statusIn(headers: Headers, via: Status["via"]): Status | undefined {
  const code = headers.get("grpc-status");
  if (code === null) return undefined;
  return { code: Number(code), text: decoded(headers.get("grpc-message") ?? ""), via };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text).trim();
  } catch {
    return text;
  }
}

const mostCharacters = 500;

async function beginning(response: Response): Promise<string> {
  const text = await response.text().catch(() => "");
  return text.slice(0, mostCharacters);
}
