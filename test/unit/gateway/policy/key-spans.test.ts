import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { coverAll, covers, toKeySpans } from "../../../../src/gateway/policy/key-spans.ts";

/** Characters stand for their code: "\x00" alone for a range's end is etcd's word for none. */
const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");

/** Ranges by what a policy of these prefixes says of them. */
const table: readonly { prefixes: string[]; inside: [string, string?][]; outside: [string, string?][] }[] = [
  {
    prefixes: ["a/"],
    inside: [["a/"], ["a/b"], ["a/\xff\xff"], ["a/", "a0"], ["a/b", "a0"], ["a/b", "a/c"], ["a/", "a/\x00"]],
    outside: [
      [""],
      ["\x00"],
      ["a"],
      ["a."],
      ["a.\xff"],
      ["a0"],
      ["b"],
      ["A/"],
      // ranges that leave by one byte
      ["a.", "a0"],
      ["a", "a0"],
      ["a/", "a0\x00"],
      ["a/", "a1"],
      ["a/b", "b"],
      // without an end, and all
      ["a/", "\x00"],
      ["a/\xff", "\x00"],
      ["\x00", "\x00"],
      ["", "\x00"],
      ["", "a0"],
      // empty and reversed
      ["a/", "a/"],
      ["a/b", "a/a"],
      ["a/b", "a"],
      ["a/b", "\x01"],
      ["a/b", "\x00\x00"],
    ],
  },
  {
    prefixes: ["x2", "x1", "x10", "z"],
    inside: [["x1"], ["x2"], ["x1", "x3"], ["x1z", "x2a"], ["x10"], ["z", "{"]],
    outside: [["x0"], ["x3"], ["x1", "x4"], ["x1", "{"], ["y"], ["x0", "x2"]],
  },
  {
    prefixes: ["\xff"],
    inside: [["\xff"], ["\xff\xff"], ["\xff", "\x00"], ["\xff\x01", "\x00"], ["\xff", "\xff\x02"]],
    outside: [["\xfe"], ["\xfe\xff"], ["\xfe", "\x00"], ["\xfe\xff\xff", "\xff"], ["\xff\x02", "\xff\x01"]],
  },
  {
    prefixes: ["a\xff"],
    inside: [["a\xff"], ["a\xff", "b"], ["a\xff\xff", "b"]],
    outside: [["a\xff", "b\x00"], ["a\xfe"], ["b"], ["a\xff", "\x00"]],
  },
  {
    prefixes: [""],
    inside: [[""], ["\x00"], ["a"], ["\xff"], ["", "\x00"], ["\x00", "\x00"], ["a", "b"]],
    outside: [
      ["b", "a"],
      ["a", "a"],
    ],
  },
  { prefixes: [], inside: [], outside: [[""], ["\x00"], ["a"], ["\x00", "\x00"], ["", "\x00"]] },
];

describe("the keys of a policy", () => {
  for (const { prefixes, inside, outside } of table) {
    const spans = toKeySpans(prefixes.map(bytes));
    const covered = ([key, end = ""]: [string, string?]): boolean =>
      covers(spans, { key: bytes(key), rangeEnd: bytes(end) });
    for (const range of inside) {
      it(`${JSON.stringify(prefixes)} cover ${JSON.stringify(range)}`, () => assert.equal(covered(range), true));
    }
    for (const range of outside) {
      it(`${JSON.stringify(prefixes)} do not cover ${JSON.stringify(range)}`, () =>
        assert.equal(covered(range), false));
    }
  }

  it("are all keys with the empty prefix only", () => {
    assert.equal(coverAll(toKeySpans([""])), true);
    assert.equal(coverAll(toKeySpans(["a", ""])), true);
    assert.equal(coverAll(toKeySpans(["\u0000"])), false);
    assert.equal(coverAll(toKeySpans([])), false);
  });
});
