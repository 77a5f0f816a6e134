import { compareBytes, describe, joinBytes, type Key, toBytes } from "./bytes.ts";
import { EtcdError } from "./errors.ts";

/**
 * What a read, a delete or a watch covers: one key, every key with a prefix, the half-open interval `[from, to)` over
 * bytes (without `to`: everything from `from` on), or all keys.
 */
export type Range =
  | Key
  | { readonly key: Key }
  | { readonly prefix: Key }
  | { readonly from: Key; readonly to?: Key | undefined }
  | { readonly all: true };

/** A range in etcd's terms; `rangeEnd` empty: `key` alone, one zero byte: no end. */
export interface KeyRange {
  readonly key: Uint8Array;
  readonly rangeEnd: Uint8Array;
}

const zero: Uint8Array = Uint8Array.of(0);
const none: Uint8Array = new Uint8Array();
const everything: KeyRange = { key: zero, rangeEnd: zero };

/** A single key's bytes; etcd has no empty key. */
export function toKey(key: Key): Uint8Array {
  const bytes = toBytes(key, "The key");
  if (bytes.length === 0) throw new EtcdError("invalid-argument", "The key is empty: etcd has no such key");
  return bytes;
}

/** The range in etcd's terms. Throws "invalid-argument" where it is empty, reversed or of no known form. */
export function toKeyRange(range: Range): KeyRange {
  if (typeof range === "string" || range instanceof Uint8Array) return { key: toKey(range), rangeEnd: none };
  if (typeof range !== "object" || range === null) throw unknownForm(range);
  const form = onlyForm(range);
  if (form === "key" && "key" in range) return { key: toKey(range.key), rangeEnd: none };
  if (form === "prefix" && "prefix" in range) return prefixRange(toBytes(range.prefix, "The prefix"));
  if (form === "from" && "from" in range) return interval(range.from, range.to);
  if (form === "all" && "all" in range && range.all === true) return everything;
  throw unknownForm(range);
}

/** etcd's terms as a range again. */
export function toRange({ key, rangeEnd }: KeyRange): Range {
  if (rangeEnd.length === 0) return key;
  return isEndless(rangeEnd) ? { from: key } : { from: key, to: rangeEnd };
}

/** As {@link toKeyRange}, for deleting: an empty prefix or start must be said as `{ all: true }`. */
export function toDeleteRange(range: Range): KeyRange {
  const found = toKeyRange(range);
  const wholeStore = compareBytes(found.key, zero) === 0 && isEndless(found.rangeEnd);
  if (wholeStore && !(typeof range === "object" && "all" in range)) {
    throw new EtcdError("invalid-argument", "This range would delete every key: if that is meant, say { all: true }");
  }
  return found;
}

/** Whether the end of a range, in etcd's terms, is none: one zero byte. */
export function isEndless(rangeEnd: Uint8Array): boolean {
  return rangeEnd.length === 1 && rangeEnd[0] === 0;
}

/** The first key that does not start with `prefix` any more: one zero byte (no end) where there is none. */
export function prefixEnd(prefix: Uint8Array): Uint8Array {
  const last = prefix.findLastIndex((byte) => byte < 0xff);
  if (last === -1) return zero;
  const end = prefix.slice(0, last + 1);
  end[last] = (end[last] as number) + 1;
  return end;
}

/** The key that comes next in etcd's order: a zero byte more. */
export function nextKey(key: Uint8Array): Uint8Array {
  return joinBytes([key, zero]);
}

function prefixRange(prefix: Uint8Array): KeyRange {
  return prefix.length === 0 ? everything : { key: prefix, rangeEnd: prefixEnd(prefix) };
}

function interval(from: Key, to: Key | undefined): KeyRange {
  const start = toBytes(from, "The range's start");
  const key = start.length === 0 ? zero : start;
  if (to === undefined) return { key, rangeEnd: zero };
  const rangeEnd = toBytes(to, "The range's end");
  if (compareBytes(rangeEnd, key) <= 0) {
    throw new EtcdError("invalid-argument", "The range is empty: `to` is exclusive and must be greater than `from`");
  }
  return { key, rangeEnd };
}

function onlyForm(range: object): string | undefined {
  const forms = ["key", "prefix", "from", "all"].filter((form) => form in range);
  return forms.length === 1 ? forms[0] : undefined;
}

function unknownForm(range: unknown): EtcdError {
  const given = typeof range === "object" && range !== null ? `{ ${Object.keys(range).join(", ")} }` : describe(range);
  return new EtcdError(
    "invalid-argument",
    `A range is a key, { key }, { prefix }, { from, to } or { all: true }, not ${given}`,
  );
}
