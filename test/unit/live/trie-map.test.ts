import { test } from "node:test";
import { expect } from "chai";
import { place, TrieMap } from "../../../src/live/trie-map.ts";
import { seeded } from "../../fixtures/faults/seeded.ts";

test("a changed map is another, and the one before is as it was: against a Map, at random", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const { random } = seeded(seed);
  let map = TrieMap.empty<number>();
  const model = new Map<string, number>();
  const before: (readonly [TrieMap<number>, Map<string, number>])[] = [];
  for (let step = 0; step < 300; step++) {
    const changes = Array.from({ length: Math.floor(random() * 20) }, () => {
      const key = `key/${Math.floor(random() * 500)}`;
      return [key, random() < 0.3 ? undefined : random()] as const;
    });
    before.push([map, new Map(model)]);
    map = map.with(changes);
    for (const [key, value] of changes) value === undefined ? model.delete(key) : model.set(key, value);
    expect(map.size, `seed ${seed}`).to.equal(model.size);
  }
  before.push([map, model]);
  for (const [one, expected] of before) {
    expect([...one], `seed ${seed}`).to.deep.equal([...expected].sort(([a], [b]) => (a < b ? -1 : 1)));
    for (const [key, value] of expected) expect(one.get(key)).to.equal(value);
    expect([one.has("key/"), one.get("key/")]).to.deep.equal([false, undefined]);
  }
});

test("a map is read as a Map is", () => {
  const map = TrieMap.empty<number>().with([
    ["b", 2],
    ["a", 1],
  ]);
  const seen: unknown[] = [];
  map.forEach(function (this: unknown, value, key, all) {
    seen.push([this, value, key, all === map]);
  }, "self");
  expect(seen).to.deep.equal([
    ["self", 1, "a", true],
    ["self", 2, "b", true],
  ]);
  expect([[...map.keys()], [...map.values()], [...map.entries()]]).to.deep.equal([
    ["a", "b"],
    [1, 2],
    [
      ["a", 1],
      ["b", 2],
    ],
  ]);
  expect(map.with([])).to.equal(map);
});

test("keys that differ in their last characters alone are spread", () => {
  const places = new Map<string, number>();
  for (let i = 0; i < 100_000; i++) {
    const at = place(`config/service-${i}/enabled`).join();
    places.set(at, (places.get(at) ?? 0) + 1);
  }
  expect(places.size).to.equal(1024);
  expect(Math.max(...places.values())).to.be.below(200); // 98 on average
});
