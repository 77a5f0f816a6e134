import type { Range } from "etcd-web";
import { keyText, parseKey } from "../../text/key-text.ts";

/** The forms of a range, as they are chosen. */
export type RangeForm = "prefix" | "key" | "range" | "all";

/** Which keys, for people: "keys under config/". */
export function rangeText(range: Range): string {
  if (typeof range === "string" || range instanceof Uint8Array) return rangeText({ key: range });
  if ("all" in range) return "all keys";
  if ("prefix" in range) return `keys that begin with ${textOf(range.prefix)}`;
  if ("key" in range) return `the key ${textOf(range.key)}`;
  return range.to === undefined
    ? `keys from ${textOf(range.from)}`
    : `keys from ${textOf(range.from)} up to ${textOf(range.to)}`;
}

/** The range of a form. Throws "invalid-argument". */
export function toRange(form: RangeForm, first: string, end: string): Range {
  if (form === "all") return { all: true };
  if (form === "key") return { key: parseKey(first) };
  if (form === "prefix") return { prefix: parseKey(first) };
  return end === "" ? { from: parseKey(first) } : { from: parseKey(first), to: parseKey(end) };
}

function textOf(key: string | Uint8Array): string {
  return typeof key === "string" ? key : keyText(key);
}
