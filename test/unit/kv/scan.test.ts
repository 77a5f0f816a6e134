import { test } from "node:test";
import { expect } from "chai";
import { nextPageSize } from "../../../src/kv/scan.ts";

test("a page is about 1 MiB, and grows with care", () => {
  const pairs = (count: number, bytes: number) =>
    Array.from({ length: count }, () => ({ key: new Uint8Array(10), value: new Uint8Array(bytes - 60) }));
  const rows: readonly (readonly [size: number, count: number, bytes: number, next: number])[] = [
    [100, 100, 1024, 400], // room for 1024, but four times the last is enough to grow by
    [400, 400, 1024, 1024],
    [1024, 1024, 1024, 1024],
    [100, 100, 1024 * 1024, 1],
    [1, 1, 2 * 1024 * 1024, 1], // larger than a page: one at a time
    [1, 1, 1024, 4],
    [10_000, 10_000, 60, 10_000], // and never more than 10,000
  ];
  for (const [size, count, bytes, next] of rows) expect(nextPageSize(size, pairs(count, bytes))).to.equal(next);
});
