import { EtcdError } from "etcd-web";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
// Control characters, and the marks that reorder text around them: shown, they would hide what a key really is.
const hidden = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;
const hiddenCharacters = new RegExp(hidden, "gu");

/**
 * A key for people, from which {@link parseKey} makes the same bytes again: text as it is, `\xff` for a byte that is
 * not UTF-8 or could not be seen, `\\` for a backslash.
 */
export function keyText(key: Uint8Array): string {
  const text = utf8(key);
  return text === undefined ? pieces(key) : escapeText(text);
}

/** The bytes of what {@link keyText} gave, or somebody typed. Throws "invalid-argument". */
export function parseKey(text: string): Uint8Array {
  if (!text.includes("\\")) return encoder.encode(text);
  const parts: number[] = [];
  for (const [part] of text.matchAll(/\\x[0-9a-f]{2}|\\\\|\\|[^\\]+/gi)) {
    if (part === "\\\\") parts.push(0x5c);
    else if (part === "\\") throw new EtcdError("invalid-argument", 'Write "\\\\" for a backslash, "\\xff" for a byte');
    else if (part.startsWith("\\")) parts.push(Number.parseInt(part.slice(2), 16));
    else parts.push(...encoder.encode(part));
  }
  return Uint8Array.from(parts);
}

/** The text of bytes, or undefined where they are not UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes as TypeScript: a string where they are text, else an array. */
export function bytesLiteral(bytes: Uint8Array): string {
  const text = utf8(bytes);
  return text === undefined ? `Uint8Array.of(${bytes.join(", ")})` : JSON.stringify(text);
}

function escapeText(text: string): string {
  if (!text.includes("\\") && !hidden.test(text)) return text;
  return text.replaceAll("\\", "\\\\").replace(hiddenCharacters, (mark) => escapeBytes(encoder.encode(mark)));
}

function escapeBytes(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
}

/** Text where there is text, escapes between. */
function pieces(key: Uint8Array): string {
  let text = "";
  for (let at = 0; at < key.length; ) {
    const length = characterLength(key[at] ?? 0);
    const character = length === 0 ? undefined : utf8(key.subarray(at, at + length));
    const step = character === undefined ? 1 : length;
    text += character === undefined ? escapeBytes(key.subarray(at, at + 1)) : escapeText(character);
    at += step;
  }
  return text;
}

/** Bytes of the UTF-8 character that begins with `byte`; 0: none does. */
function characterLength(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte >= 0xc2 && byte < 0xe0) return 2;
  if (byte >= 0xe0 && byte < 0xf0) return 3;
  return byte >= 0xf0 && byte < 0xf5 ? 4 : 0;
}
