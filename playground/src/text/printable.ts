import { EtcdError, type Key } from "etcd-web";

const mark = "base64:";
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes as text from which they can be had back: `base64:…` where they are not UTF-8, as in the library's JSON. */
export function toPrintable(bytes: Uint8Array): string {
  const text = toUtf8(bytes);
  return text === undefined || text.startsWith(mark) ? mark + toBase64(bytes) : text;
}

/** What {@link toPrintable} gave, or somebody typed. Throws "invalid-argument". */
export function fromPrintable(text: string): Key {
  if (!text.startsWith(mark)) return text;
  try {
    return Uint8Array.from(atob(text.slice(mark.length)), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw new EtcdError("invalid-argument", `What follows "${mark}" is not base64`, { cause });
  }
}

/** The text of bytes, or undefined where they are not UTF-8. */
export function toUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
