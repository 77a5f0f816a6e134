import fc, { type Arbitrary } from "fast-check";
import type { Bytes, LeaseId, Revision } from "./program.ts";

// Few of each, so that the calls of a program meet.
const names = ["a", "a\0", "aa", "ab", "b", "c", "d"];
const ends = ["\0", "a\0", "aa", "ab", "b", "c", "e", "\u00ff"];
const values = ["", "1", "2", "longer"];

export const bytes = (text: string): Bytes => ({ bytes: text });

/** Seldom the key that etcd has not: none. */
export const key: Arbitrary<Bytes> = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom(...names).map(bytes) },
  { weight: 1, arbitrary: fc.constant(bytes("")) },
);
export const value: Arbitrary<Bytes> = fc.constantFrom(...values).map(bytes);

/** Mostly one key, then proper ranges, "from the key on", prefixes; seldom a range that ends before it begins. */
export const span: Arbitrary<{ readonly key: Bytes; readonly rangeEnd: Bytes }> = fc
  .tuple(key, fc.oneof({ weight: 2, arbitrary: fc.constant("") }, { weight: 3, arbitrary: fc.constantFrom(...ends) }))
  .map(([first, end]) => ({ key: first, rangeEnd: bytes(end) }));

/** 0 (now) mostly, else one that the program has made or may yet make. */
export const revision: Arbitrary<Revision> = fc
  .oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.integer({ min: -1, max: 45 }) })
  .map((offset) => ({ revision: offset }));

/** Slots 1 to 3 may hold a lease; 0 is none, and 77 exists nowhere. */
export const lease: Arbitrary<LeaseId> = fc
  .oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.constantFrom(1, 2, 3, 77) })
  .map((slot) => ({ lease: slot }));

/** True once in a while. */
export const seldom: Arbitrary<boolean> = fc.integer({ min: 0, max: 4 }).map((drawn) => drawn === 0);
