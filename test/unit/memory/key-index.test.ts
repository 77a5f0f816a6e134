import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { expect } from "chai";
import { type KeyValue, KeyValueSchema } from "../../../src/gen/mvccpb/kv_pb.ts";
import { KeyIndex } from "../../../src/memory/key-index.ts";
import { covers, type Span, toBytes, toName, toSpan } from "../../../src/memory/keys.ts";

const version = (modRevision: bigint, deleted: boolean): KeyValue =>
  create(KeyValueSchema, { modRevision, version: deleted ? 0n : 1n });

test("names compare as bytes do, and turn back into them", () => {
  const keys = [[], [0], [0, 0], [0, 255], [97], [97, 0], [97, 98], [127], [128], [195, 169], [255], [255, 255]];
  const names = keys.map((key) => toName(Uint8Array.from(key)));
  expect(names.toSorted()).to.deep.equal(names);
  expect(names.map((name) => [...toBytes(name)])).to.deep.equal(keys);
  const long = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);
  expect(toBytes(toName(long))).to.deep.equal(long);
});

const spans: readonly (readonly [
  key: string,
  rangeEnd: string,
  inside: readonly string[],
  outside: readonly string[],
])[] = [
  ["b", "", ["b"], ["a", "b\0", "c"]],
  ["b", "d", ["b", "b\0", "c", "c\xff"], ["a", "d", "d\0"]],
  ["b", "\0", ["b", "c", "\xff\xff"], ["a", ""]],
  ["\0", "\0", ["\0", "a", "\xff"], []],
  ["b", "b", [], ["b"]],
  ["c", "b", [], ["b", "bb", "c"]],
];

for (const [key, rangeEnd, inside, outside] of spans) {
  test(`toSpan(${JSON.stringify(key)}, ${JSON.stringify(rangeEnd)}) covers what etcd's range does`, () => {
    const span = toSpan(toBytes(key), toBytes(rangeEnd));
    expect(inside.filter((name) => !covers(span, name))).to.deep.equal([]);
    expect(outside.filter((name) => covers(span, name))).to.deep.equal([]);
  });
}

test("KeyIndex finds, orders and counts as a plain sorted list does, over many splits", () => {
  const index = new KeyIndex();
  const model = new Map<string, boolean>();
  for (let step = 1; step <= 20_000; step++) {
    const name = String((step * 7919) % 5003).padStart(4, "0");
    const deleted = model.get(name) === true && step % 3 === 0;
    index.push(name, version(BigInt(step), deleted));
    model.set(name, !deleted);
  }
  const live = [...model]
    .filter(([, exists]) => exists)
    .map(([name]) => name)
    .sort();
  for (const span of someSpans()) {
    const expected = live.filter((name) => covers(span, name));
    expect(index.countLive(span), JSON.stringify(span)).to.equal(expected.length);
    expect(liveNames(index, span), JSON.stringify(span)).to.deep.equal(expected);
  }
});

test("KeyIndex drops keys of which compaction leaves nothing", () => {
  const index = new KeyIndex();
  const names = Array.from({ length: 3000 }, (_, number) => String(number).padStart(4, "0"));
  for (const name of names) index.push(name, version(2n, false));
  for (const name of names.slice(0, 2990)) index.push(name, version(3n, true));
  for (const name of names) index.compact(name, 3n);
  const all = { from: "", to: undefined };
  expect(liveNames(index, all)).to.deep.equal(names.slice(2990));
  expect(index.countLive(all)).to.equal(10);
  index.push("0000", version(4n, false));
  expect(liveNames(index, all)).to.deep.equal(["0000", ...names.slice(2990)]);
});

test("KeyHistory.at() shows the version of each revision", () => {
  const index = new KeyIndex();
  index.push("k", version(5n, false));
  index.push("k", version(7n, false));
  index.push("k", version(9n, true));
  index.push("k", version(12n, false));
  const seen = [4n, 5n, 6n, 7n, 8n, 9n, 11n, 12n, 99n].map((revision) => index.at("k", revision)?.modRevision);
  expect(seen).to.deep.equal([undefined, 5n, 5n, 7n, 7n, undefined, undefined, 12n, 12n]);
  index.compact("k", 8n);
  expect([7n, 8n, 9n, 12n].map((revision) => index.at("k", revision)?.modRevision)).to.deep.equal([
    7n,
    7n,
    undefined,
    12n,
  ]);
});

function someSpans(): Span[] {
  const range = (from: string, to?: string): Span => ({ from, to });
  const key = (name: string): Span => ({ key: name });
  return [
    range(""),
    range("", "9"),
    range("0512", "0513"),
    range("2", "1"),
    range("0999", "4001"),
    range("5002"),
    range("x"),
    key("0007"),
    key("x"),
  ];
}

function liveNames(index: KeyIndex, span: Span): string[] {
  const names: string[] = [];
  index.visit(span, ({ name, latest }) => {
    if (latest) names.push(name);
    return true;
  });
  return names;
}
