import type { Buffer } from "node:buffer";

/** What newer engines have, and the types of TypeScript not yet. */
interface Base64 {
  readonly fromBase64?: (text: string) => Uint8Array;
}

const { fromBase64 } = Uint8Array as unknown as Base64;
const { Buffer: NodeBuffer } = globalThis as { readonly Buffer?: typeof Buffer };

/** The fastest way that the runtime has. */
export const decodeBase64: (text: string) => Uint8Array =
  fromBase64 ??
  ((text) => NodeBuffer?.from(text, "base64") ?? Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));

/** Of bytes, or of a text's. */
export function encodeBase64(data: string | Uint8Array): string {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  return btoa(String.fromCharCode(...bytes));
}
