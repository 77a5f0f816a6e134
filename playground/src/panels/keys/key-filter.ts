import type { KeyId } from "./key-id.ts";

export type KeyFilter = (id: KeyId) => boolean;

const encoder = new TextEncoder();

/**
 * What is typed into the filter: text that keys contain, in any case; a pattern where there is a `*` or `?`, for the
 * whole key; or a regular expression between slashes. Undefined: every key. Throws SyntaxError.
 */
export function parseFilter(text: string): KeyFilter | undefined {
  if (text === "") return undefined;
  const expression = toExpression(text);
  return (id) => expression.test(id);
}

function toExpression(text: string): RegExp {
  const [, source, flags] = /^\/(.+)\/(i?)$/.exec(text) ?? [];
  if (source !== undefined) return new RegExp(bytesOf(source), flags ?? "");
  const bytes = bytesOf(text);
  // Letters beyond ASCII are several bytes each: those have no case.
  const caseless = bytes === text ? "i" : "";
  if (!/[*?]/.test(text)) return new RegExp(escapeAll(bytes), caseless);
  const pattern = escapeAll(bytes).replaceAll("\\*", ".*").replaceAll("\\?", ".");
  return new RegExp(`^${pattern}$`, `${caseless}s`);
}

/** Keys are matched as their bytes, so the text has to be bytes too. */
function bytesOf(text: string): string {
  return String.fromCharCode(...encoder.encode(text));
}

function escapeAll(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
