import { compareBytes, type Key, toBytes } from "../../base/bytes.ts";
import { isEndless, type KeyRange, prefixEnd } from "../../base/range.ts";

/** The keys from `from` on and below `to`; undefined: without an end. */
export interface KeySpan {
  readonly from: Uint8Array;
  readonly to: Uint8Array | undefined;
}

/** What the prefixes cover, in order; those that overlap or touch are one, so that a range may cross from one to the next. */
export function toKeySpans(prefixes: readonly Key[]): readonly KeySpan[] {
  const spans = prefixes.map((prefix) => toKeySpan(toBytes(prefix, "A prefix of the policy")));
  const merged: KeySpan[] = [];
  for (const span of spans.sort((a, b) => compareBytes(a.from, b.from))) {
    const last = merged.at(-1);
    if (last === undefined || (last.to !== undefined && isBelow(last.to, span.from))) merged.push(span);
    else merged[merged.length - 1] = { from: last.from, to: later(last.to, span.to) };
  }
  return merged;
}

/** Whether they cover every key there can be. */
export function coverAll(spans: readonly KeySpan[]): boolean {
  return spans.some(({ from, to }) => from.length === 0 && to === undefined);
}

/**
 * Whether a range, in etcd's terms, lies in one of them. What etcd would call empty, a range that ends where it begins
 * or before, does not: nobody needs it, and versions differ in what they make of it.
 */
export function covers(spans: readonly KeySpan[], { key, rangeEnd }: KeyRange): boolean {
  const span = spans.find(({ from, to }) => compareBytes(from, key) <= 0 && (to === undefined || isBelow(key, to)));
  if (span === undefined) return false;
  if (rangeEnd.length === 0) return true;
  if (isEndless(rangeEnd)) return span.to === undefined;
  return isBelow(key, rangeEnd) && (span.to === undefined || !isBelow(span.to, rangeEnd));
}

function toKeySpan(prefix: Uint8Array): KeySpan {
  const end = prefixEnd(prefix);
  return { from: prefix, to: isEndless(end) ? undefined : end };
}

function isBelow(a: Uint8Array, b: Uint8Array): boolean {
  return compareBytes(a, b) < 0;
}

function later(a: Uint8Array | undefined, b: Uint8Array | undefined): Uint8Array | undefined {
  if (a === undefined || b === undefined) return undefined;
  return isBelow(a, b) ? b : a;
}
