/**
 * Inside the store a key is a "binary string", one character per byte: comparing two of them compares bytes, they hash
 * and compare natively, and engines keep them at one byte a character.
 */
export function toName(key: Uint8Array): string {
  if (key.length <= chunk) return Reflect.apply(String.fromCharCode, undefined, key);
  let name = "";
  for (let start = 0; start < key.length; start += chunk) name += toName(key.subarray(start, start + chunk));
  return name;
}

// Far below the number of arguments at which engines refuse a call.
const chunk = 4096;

/** The bytes of a name. */
export function toBytes(name: string): Uint8Array {
  return Uint8Array.from(name, (character) => character.charCodeAt(0));
}

/** What a request covers: one key, or every key from `from` up to and without `to`; no `to` means no end. */
export type Span = { readonly key: string } | { readonly from: string; readonly to: string | undefined };

/** The span of etcd's `key` and `range_end`: no end is one key, an end of one zero byte is "from the key on". */
export function toSpan(key: Uint8Array, rangeEnd: Uint8Array): Span {
  const from = toName(key);
  if (rangeEnd.length === 0) return { key: from };
  const end = toName(rangeEnd);
  return { from, to: end === "\0" ? undefined : end };
}

/** Whether the key is in the span. */
export function covers(span: Span, name: string): boolean {
  if ("key" in span) return name === span.key;
  return name >= span.from && (span.to === undefined || name < span.to);
}
