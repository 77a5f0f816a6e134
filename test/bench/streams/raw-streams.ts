import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { type ClientHttp2Session, connect } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import { WatchRequestSchema } from "../../../src/proto.ts";

/** Opens a gRPC-Web call of Watch with this body; `heard` is called with whatever comes back. */
export type OpenRaw = (body: Uint8Array, heard: (bytes: Uint8Array) => void) => void;

const path = "/etcdserverpb.Watch/Watch";
const headers = { "content-type": "application/grpc-web+proto", "x-grpc-web": "1" };

/** A connection for each call. */
export function overHttp1(url: string): OpenRaw {
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  return (body, heard) => {
    const call = request(url + path, { agent, method: "POST", headers: { ...headers, "content-length": body.length } });
    call.on("response", (response) => response.on("data", heard));
    call.on("error", fail);
    call.end(body);
  };
}

/** As many calls on a connection as pages of the shipped configuration may have. */
export function overHttp2(url: string, caCert: string): OpenRaw {
  const perConnection = 100;
  const ca = readFileSync(caCert);
  let session: ClientHttp2Session | undefined;
  let calls = 0;
  return (body, heard) => {
    if (session === undefined || calls % perConnection === 0) session = connect(url, { ca }).on("error", fail);
    calls++;
    const call = session.request({ ...headers, ":method": "POST", ":path": path });
    call.on("data", heard).on("error", fail);
    call.end(body);
  };
}

function fail(error: unknown): never {
  throw error;
}

/** The body that watches one key. */
export function watchBody(key: string): Uint8Array {
  const value = { key: new TextEncoder().encode(key) };
  const message = toBinary(
    WatchRequestSchema,
    create(WatchRequestSchema, { requestUnion: { case: "createRequest", value } }),
  );
  const body = new Uint8Array(5 + message.length);
  new DataView(body.buffer).setUint32(1, message.length);
  body.set(message, 5);
  return body;
}
