/** Protocol buffers and gRPC-Web's frames in as few lines as will do: no library, no checks. */

/** A field of bytes, in parts. */
export function bytesField(number: number, data: Uint8Array): readonly Uint8Array[] {
  return [Uint8Array.of((number << 3) | 2, ...varint(data.length)), data];
}

/** A field that holds a number. */
export function numberField(number: number, value: number): Uint8Array {
  return Uint8Array.of(number << 3, ...varint(value));
}

/** Parts as one. */
export function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A message as a frame. */
export function frame(message: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = join(message);
  const framed = new Uint8Array(5 + body.length);
  new DataView(framed.buffer).setUint32(1, body.length);
  framed.set(body, 5);
  return framed;
}

/** The fields of a message: bytes where they are, numbers as such. */
export function* fields(message: Uint8Array): Generator<readonly [number: number, value: Uint8Array | number]> {
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
    const number = read();
    if ((tag & 7) !== 2) {
      yield [tag >>> 3, number];
      continue;
    }
    at += number;
    yield [tag >>> 3, message.subarray(at - number, at)];
  }
}

/** The first field of this number. */
export function field(message: Uint8Array, wanted: number): Uint8Array | number | undefined {
  for (const [number, value] of fields(message)) if (number === wanted) return value;
  return undefined;
}

/** As {@link field}, of one that is bytes. */
export function bytesOf(message: Uint8Array, wanted: number): Uint8Array | undefined {
  const value = field(message, wanted);
  return typeof value === "number" ? undefined : value;
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

/** The frames of a body, each when it is whole. Messages within one piece are not copied. */
export async function* frames(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let [length, wanted] = [0, 5];
  const reader = body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    pieces.push(next.value);
    length += next.value.length;
    if (length < wanted) continue;
    const all = pieces.length === 1 ? (pieces[0] as Uint8Array) : join(pieces);
    const view = new DataView(all.buffer, all.byteOffset, all.length);
    let at = 0;
    for (wanted = 5; all.length - at >= 5; at += 5 + view.getUint32(at + 1)) {
      wanted = 5 + view.getUint32(at + 1);
      if (all.length - at < wanted) break;
      if (all[at] === 0) yield all.subarray(at + 5, at + wanted);
      wanted = 5;
    }
    pieces = [all.subarray(at)];
    length = all.length - at;
  }
}
