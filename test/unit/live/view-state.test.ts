import { test } from "node:test";
import { expect } from "chai";
import { KeyValue, type WatchEvent } from "../../../src/index.ts";
import { dehydrate, rehydrate } from "../../../src/live/dehydrated.ts";
import {
  afterEvents,
  afterSnapshot,
  initialState,
  type Reading,
  type ViewState,
} from "../../../src/live/view-state.ts";

const encoder = new TextEncoder();
const numbers: Reading<{ readonly n: number }> = {
  decode(kv) {
    const n = Number(kv.text());
    if (Number.isNaN(n)) throw new Error(`${kv.text()} is no number`);
    return { n };
  },
  defaults: new Map([["default", { n: -1 }]]),
};

function pair(key: string, value: string | Uint8Array, modRevision: bigint): KeyValue {
  const bytes = typeof value === "string" ? encoder.encode(value) : value;
  return KeyValue.from({
    key: encoder.encode(key),
    value: bytes,
    createRevision: 1n,
    modRevision,
    version: 1n,
    lease: 0n,
  });
}

function put(key: string, value: string, modRevision: bigint): WatchEvent {
  return { type: "put", kv: pair(key, value, modRevision), prevKv: undefined, isCreate: false };
}

function gone(key: string, modRevision: bigint): WatchEvent {
  const kv = { key: encoder.encode(key), modRevision, keyText: () => key };
  return { type: "delete", kv, prevKv: undefined };
}

function shown(state: ViewState<{ readonly n: number }>): Record<string, number> {
  return Object.fromEntries([...state.values].map(([key, { n }]) => [key, n]));
}

const empty = initialState(numbers);
const start = afterSnapshot(empty, { revision: 5n, kvs: [pair("a", "1", 2n), pair("b", "2", 3n)] }, numbers).state;

test("a snapshot shows what is there, over the defaults", () => {
  expect([shown(empty), empty.revision]).to.deep.equal([{ default: -1 }, 0n]);
  expect([shown(start), start.revision]).to.deep.equal([{ a: 1, b: 2, default: -1 }, 5n]);
});

test("events change what they name, and share the rest", () => {
  const events = [put("b", "3", 6n), put("c", "4", 6n), put("default", "5", 6n), gone("a", 6n)];
  const { state, keys } = afterEvents(start, { revision: 6n, events }, numbers);
  expect(shown(state)).to.deep.equal({ b: 3, c: 4, default: 5 });
  expect([...keys].sort()).to.deep.equal(["a", "b", "c", "default"]);
  const back = afterEvents(state, { revision: 7n, events: [gone("default", 7n)] }, numbers);
  expect([shown(back.state), back.keys]).to.deep.equal([{ b: 3, c: 4, default: -1 }, ["default"]]);
  expect(back.state.values.get("b")).to.equal(state.values.get("b"));
});

test("what is written again as it was changes nothing that shows, and is not decoded again", () => {
  const { state, keys } = afterEvents(start, { revision: 6n, events: [put("a", "1", 6n)] }, numbers);
  expect(keys).to.deep.equal([]);
  expect([state.values, state.faults]).to.deep.equal([start.values, start.faults]);
  expect(state.values).to.equal(start.values);
  expect(state.entries.get("a")?.modRevision).to.equal(6);
});

test("a bad value is a fault, and the last good one stays; a good one mends it, and so does its end", () => {
  const bad = afterEvents(
    start,
    { revision: 6n, events: [put("a", "x", 6n), put("new", "y", 6n), put("default", "z", 6n)] },
    numbers,
  );
  expect([shown(bad.state), bad.keys]).to.deep.equal([{ a: 1, b: 2, default: -1 }, []]);
  expect([...bad.state.faults].map(([key, fault]) => [key, (fault as Error).message])).to.deep.equal([
    ["a", "x is no number"],
    ["default", "z is no number"],
    ["new", "y is no number"],
  ]);
  const mended = afterEvents(bad.state, { revision: 7n, events: [put("a", "9", 7n), gone("new", 7n)] }, numbers);
  expect([...mended.state.faults.keys()]).to.deep.equal(["default"]);
  expect(mended.state.values.get("a")).to.deep.equal({ n: 9 });
});

test("a later snapshot takes away what has gone, and keeps the identity of what has not changed", () => {
  const kvs = [pair("b", "2", 3n), pair("c", "4", 9n)];
  const { state, keys } = afterSnapshot(start, { revision: 10n, kvs }, numbers);
  expect([shown(state), [...keys].sort()]).to.deep.equal([{ b: 2, c: 4, default: -1 }, ["a", "c"]]);
  expect(state.values.get("b")).to.equal(start.values.get("b"));
});

test("another cluster's value is taken though its revision is the same", () => {
  const { state } = afterSnapshot(start, { revision: 5n, kvs: [pair("a", "7", 2n)] }, numbers);
  expect(shown(state)).to.deep.equal({ a: 7, default: -1 });
});

test("a state goes through JSON and comes back as it was, bytes included", () => {
  const reading: Reading<string> = { decode: (kv) => [...kv.value].join(), defaults: new Map() };
  const kvs = [pair("a", Uint8Array.of(0xff, 0), 2n), pair("b", "base64:", 3n), pair("é", "", 4n)];
  const { state } = afterSnapshot(initialState(reading), { revision: 2n ** 60n, kvs }, reading);
  const kept = rehydrate(JSON.parse(JSON.stringify(dehydrate(state, 2n ** 63n))));
  if (kept === undefined) throw new Error("It is one");
  expect([kept.revision, kept.clusterId]).to.deep.equal([2n ** 60n, 2n ** 63n]);
  const { state: again } = afterSnapshot(initialState(reading), kept, reading);
  expect([...again.values]).to.deep.equal([...state.values]);
  expect([...again.entries]).to.deep.equal([...state.entries]);
});

test("what is no dehydrated view is nothing", () => {
  const good = { revision: "1", clusterId: "1", entries: [] };
  for (const bad of [
    null,
    1,
    "x",
    [],
    {},
    { ...good, revision: "-1" },
    { ...good, revision: 1 },
    { ...good, entries: [["a"]] },
    { ...good, entries: [["a", "base64:!", "1"]] },
    { ...good, entries: {} },
  ]) {
    expect(rehydrate(bad), JSON.stringify(bad)).to.equal(undefined);
  }
  expect(rehydrate(good)).to.deep.equal({ revision: 1n, clusterId: 1n, kvs: [] });
});
