import { EtcdError } from "./errors.ts";

/** A key or a value: text is sent as UTF-8, bytes as they are. */
export type Key = string | Uint8Array;

const encoder = new TextEncoder();
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The bytes of a key or value. Half a surrogate pair is refused: encoded, it would silently become another key. */
export function toBytes(key: Key, what: string): Uint8Array {
  if (typeof key === "string") {
    if (!key.isWellFormed()) {
      throw new EtcdError(
        "invalid-argument",
        `${what} ${JSON.stringify(key)} is not well-formed text: pass bytes instead`,
      );
    }
    return encoder.encode(key);
  }
  if (key instanceof Uint8Array) return plain(key);
  throw new EtcdError("invalid-argument", `${what} must be a string or a Uint8Array, not ${describe(key)}`);
}

/** The same bytes without what Node's Buffer makes of their methods: its `slice()` is no copy. */
function plain(bytes: Uint8Array): Uint8Array {
  return bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** As `Response.text()`: malformed bytes become U+FFFD. */
export function toText(bytes: Uint8Array): string {
  return lenient.decode(bytes);
}

/** The text of bytes that must be UTF-8, or undefined where they are not. */
export function toExactText(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Text for people and JSON, from which the bytes can be had back: `base64:…` where they are not UTF-8. */
export function toPrintable(bytes: Uint8Array): string {
  const text = toExactText(bytes);
  return text === undefined || text.startsWith("base64:") ? `base64:${toBase64(bytes)}` : text;
}

/** The bytes that {@link toPrintable} was given. Throws "invalid-argument" where what follows `base64:` is not that. */
export function fromPrintable(text: string): Uint8Array {
  if (!text.startsWith("base64:")) return toBytes(text, "The text");
  try {
    return Uint8Array.from(atob(text.slice("base64:".length)), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw new EtcdError("invalid-argument", `What follows "base64:" in ${JSON.stringify(text)} is not base64`, {
      cause,
    });
  }
}

/** Order of etcd: byte by byte, a prefix before what it begins. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** All bytes, one part after the other, in a buffer of their own. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Bytes of a buffer that small values share with what came beside them: a buffer each costs more than the copying. */
export const mostShared = 1024;

/** Bytes that do not hold on to a whole response, as the views of a decoded message do: a copy where they would. */
export function own(bytes: Uint8Array): Uint8Array {
  const { byteLength } = bytes.buffer;
  return byteLength === bytes.byteLength || byteLength <= mostShared ? bytes : bytes.slice();
}

/** A value in an error's words: its kind, never its content. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "object" ? (value.constructor?.name ?? "an object") : typeof value;
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
