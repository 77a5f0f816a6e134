import { test } from "node:test";
import { expect } from "chai";
import { prefixEnd, type Range, toDeleteRange, toKeyRange } from "../../../src/base/range.ts";
import { thrown } from "../../contract/expectations.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.of(...values);

test("prefixEnd() is the first key that does not begin with the prefix", () => {
  const table: [Uint8Array, Uint8Array][] = [
    [bytes(0x61), bytes(0x62)],
    [bytes(0x61, 0x62), bytes(0x61, 0x63)],
    [bytes(0), bytes(1)],
    [bytes(1, 0xff), bytes(2)],
    [bytes(1, 2, 0xff, 0xff), bytes(1, 3)],
    [bytes(0xff), bytes(0)], // every key from there on
    [bytes(0xff, 0xff), bytes(0)],
    [bytes(0xff, 0xfe), bytes(0xff, 0xff)],
  ];
  for (const [prefix, end] of table) expect(prefixEnd(prefix), String(prefix)).to.deep.equal(end);
});

test("toKeyRange() leaves a Buffer as it was, whose slice() is no copy", () => {
  const prefix = Buffer.from("a/");
  expect(toKeyRange({ prefix })).to.deep.equal({ key: bytes(0x61, 0x2f), rangeEnd: bytes(0x61, 0x30) });
  expect(prefix.toString()).to.equal("a/");
});

test("toKeyRange() says every form in etcd's terms", () => {
  const table: [Range, Uint8Array, Uint8Array][] = [
    ["a", bytes(0x61), bytes()],
    [bytes(0xff), bytes(0xff), bytes()],
    [{ key: "é" }, bytes(0xc3, 0xa9), bytes()],
    [{ prefix: "a" }, bytes(0x61), bytes(0x62)],
    [{ prefix: "" }, bytes(0), bytes(0)],
    [{ from: "a", to: "c" }, bytes(0x61), bytes(0x63)],
    [{ from: "a" }, bytes(0x61), bytes(0)],
    [{ from: "a", to: undefined }, bytes(0x61), bytes(0)],
    [{ from: "", to: "c" }, bytes(0), bytes(0x63)],
    [{ from: "" }, bytes(0), bytes(0)],
    [{ all: true }, bytes(0), bytes(0)],
  ];
  for (const [range, key, rangeEnd] of table) {
    expect(toKeyRange(range), JSON.stringify(range)).to.deep.equal({ key, rangeEnd });
  }
});

test("toKeyRange() compares bytes, not UTF-16: U+10000 comes after U+FFFF", () => {
  expect(toKeyRange({ from: "\uffff", to: "\u{10000}" }).key).to.deep.equal(bytes(0xef, 0xbf, 0xbf));
  thrown(() => toKeyRange({ from: "\u{10000}", to: "\uffff" }), "invalid-argument");
});

test("toDeleteRange() takes the whole store only where that is said", () => {
  expect(toDeleteRange({ all: true })).to.deep.equal({ key: bytes(0), rangeEnd: bytes(0) });
  for (const range of [{ prefix: "" }, { from: "" }, { from: bytes(0) }] as const) {
    thrown(() => toDeleteRange(range), "invalid-argument");
  }
  expect(toDeleteRange({ prefix: "a" })).to.deep.equal({ key: bytes(0x61), rangeEnd: bytes(0x62) });
});
