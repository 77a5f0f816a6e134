import { toKey } from "../../../src/base/range.ts";
import type { Place } from "../contenders/contender.ts";
import { type Caller, oneByOne } from "./caller.ts";

/**
 * gRPC-Web written out, no library: a request in five lines, and of the answer no more than is asked for. It checks
 * nothing, and shows how much of a call is not the client's.
 */
export function createByHand({ envoy }: Place): Caller {
  async function call(method: string, message: readonly Uint8Array[]): Promise<Uint8Array> {
    const body = join(message);
    const frame = new Uint8Array(5 + body.length);
    new DataView(frame.buffer).setUint32(1, body.length);
    frame.set(body, 5);
    const headers = { "content-type": "application/grpc-web+proto", "x-grpc-web": "1" };
    const response = await fetch(`${envoy}/etcdserverpb.KV/${method}`, { method: "POST", headers, body: frame });
    const answer = new Uint8Array(await response.arrayBuffer());
    if (!response.ok || answer[0] !== 0) throw new Error(`${method}: ${response.status}`);
    return answer.subarray(5, 5 + new DataView(answer.buffer).getUint32(1));
  }
  const get: Caller["get"] = async (key) => {
    const kv = field(await call("Range", bytes(1, toKey(key))), 2);
    return kv && field(kv, 5);
  };
  return {
    get,
    getAll: oneByOne(get),
    async put(key, value) {
      await call("Put", [...bytes(1, toKey(key)), ...bytes(2, value)]);
    },
    async replace(name, value) {
      const key = toKey(name);
      const exists = join([Uint8Array.of(8, 1, 16, 1), ...bytes(3, key), Uint8Array.of(40, 0)]);
      const put = bytes(2, join([...bytes(1, key), ...bytes(2, value)]));
      const answer = await call("Txn", [...bytes(1, exists), ...bytes(2, join(put))]);
      return field(answer, 2) !== undefined;
    },
    close: async () => {},
  };
}

function bytes(number: number, data: Uint8Array): readonly Uint8Array[] {
  return [Uint8Array.of((number << 3) | 2, ...varint(data.length)), data];
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The first field of this number; of a number itself, what is left of the message. */
function field(message: Uint8Array, wanted: number): Uint8Array | undefined {
  let at = 0;
  const read = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = message[at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = read();
    const length = read();
    if (tag >>> 3 === wanted) return (tag & 7) === 2 ? message.subarray(at, at + length) : message.subarray(at);
    if ((tag & 7) === 2) at += length;
  }
  return undefined;
}
