import { once } from "node:events";
import { connect as connectHttp2, type OutgoingHttpHeaders } from "node:http2";
import { connect, type Socket } from "node:net";
import { create, type DescMessage, type DescMethod, type MessageInitShape, toBinary } from "@bufbuild/protobuf";

/** What came back for a request. */
export interface Outcome {
  /** HTTP's status; 0 where the connection was closed without one. */
  readonly http: number;
  /** gRPC's; undefined where there was none. */
  readonly grpc: number | undefined;
  readonly text: string;
}

/** A request as it stands on the wire of HTTP/1.1; without a `head`, that of a call. */
export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  /** Instead of the head below: its lines, PORT for the gateway's port. */
  readonly head?: readonly string[];
  /** In place of the usual ones where they have the same name, else after them; a null is left out. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** More header lines, as they are. */
  readonly lines?: readonly string[];
  readonly body?: Uint8Array;
}

const rangePath = "/etcdserverpb.KV/Range";

/** The path of a method. */
export function pathOf({ parent, name }: DescMethod): string {
  return `/${parent.typeName}/${name}`;
}

/** Messages as gRPC-Web sends them. */
export function framed<I extends DescMessage>(
  method: DescMethod & { readonly input: I },
  ...requests: MessageInitShape<I>[]
): Uint8Array {
  const { input } = method;
  return Buffer.concat(requests.map((request) => frame(toBinary(input, create(input, request)))));
}

/** One frame, which may lie about its length. */
export function frame(message: Uint8Array, { flags = 0, length = message.length } = {}): Uint8Array {
  const head = Buffer.alloc(5);
  head.writeUInt8(flags);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
}

/** Sends it, and reads until the other side closes. */
export async function sendRaw(port: number, request: RawRequest, withinMs = 60_000): Promise<Outcome> {
  const socket = openSocket(port);
  try {
    socket.write(bytesOf(port, request));
    return await readOutcome(socket, withinMs);
  } finally {
    socket.destroy();
  }
}

/** A connection whose errors are its end, no more. */
export function openSocket(port: number): Socket {
  return connect(port, "127.0.0.1").on("error", () => {});
}

/** The bytes of a request. */
export function bytesOf(port: number, { head, body = new Uint8Array(), ...rest }: RawRequest): Uint8Array {
  const lines = (head ?? headOf(port, body, rest)).map((line) => line.replaceAll("PORT", String(port)));
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), body]);
}

function headOf(
  port: number,
  body: Uint8Array,
  { method = "POST", path = rangePath, headers = {}, lines = [] }: RawRequest,
) {
  const usual: Record<string, string | null> = {
    host: `localhost:${port}`,
    "content-type": "application/grpc-web+proto",
    "content-length": String(body.length),
    connection: "close",
    ...headers,
  };
  const set = Object.entries(usual).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return [`${method} ${path} HTTP/1.1`, ...set, ...lines];
}

/** What comes until the connection is closed. */
export async function readOutcome(socket: Socket, withinMs = 60_000): Promise<Outcome> {
  let text = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => (text += chunk));
  await once(socket, "close", { signal: AbortSignal.timeout(withinMs) });
  return outcomeOf(text);
}

function outcomeOf(text: string): Outcome {
  const grpc = /grpc-status: (\d+)/.exec(text)?.[1];
  return {
    http: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0),
    grpc: grpc === undefined ? undefined : Number(grpc),
    text,
  };
}

/** One request on an HTTP/2 connection of its own. */
export async function sendHttp2(
  port: number,
  ca: string,
  headers: OutgoingHttpHeaders,
  body: Uint8Array = new Uint8Array(),
): Promise<Outcome> {
  const session = connectHttp2(`https://localhost:${port}`, { ca }).on("error", () => {});
  try {
    const usual = { ":method": "POST", ":path": rangePath, "content-type": "application/grpc-web+proto" };
    const stream = session.request({ ...usual, ...headers });
    let http = 0;
    let text = "";
    stream.on("error", () => {}).on("response", (answer) => (http = Number(answer[":status"])));
    stream.setEncoding("latin1").on("data", (chunk: string) => (text += chunk));
    stream.end(body);
    await once(stream, "close", { signal: AbortSignal.timeout(60_000) });
    return { ...outcomeOf(text), http };
  } catch (error) {
    return { http: 0, grpc: undefined, text: String(error) };
  } finally {
    session.destroy();
  }
}
