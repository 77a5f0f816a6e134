import { describe, it } from "node:test";
import { expect } from "chai";
import { parseFilter } from "../../../playground/src/panels/keys/key-filter.ts";
import { toKey, toKeyId } from "../../../playground/src/panels/keys/key-id.ts";
import { KeyList } from "../../../playground/src/panels/keys/key-list.ts";
import { type KeyRow, KeyRows } from "../../../playground/src/panels/keys/key-rows.ts";
import { flatLines, foldersOf, type Line, type Lines, treeLines } from "../../../playground/src/panels/keys/lines.ts";
import { mergeTexts } from "../../../playground/src/values/three-way.ts";
import { KeyValue, type WatchEvent } from "../../../src/index.ts";

describe("the tree of keys", () => {
  it("has folders where keys share a prefix, and keys where they are", () => {
    expect(tree(["a/1", "a/2", "b", "c/d/1", "c/e/1"])).to.deep.equal([
      "a/",
      " 1",
      " 2",
      "b",
      "c/",
      " d/",
      "  1",
      " e/",
      "  1",
    ]);
  });

  it("shows folders with nothing but a folder in them as one line", () => {
    expect(tree(["a/b/c/1", "a/b/c/2", "a/b/d"])).to.deep.equal(["a/b/", " c/", "  1", "  2", " d"]);
    expect(tree(["/x/y"])).to.deep.equal(["/x/", " y"]);
  });

  it("keeps a key beside the folder of its name, and one that ends with the separator inside", () => {
    expect(tree(["a", "a/", "a/1"])).to.deep.equal(["a", "a/", " ", " 1"]);
  });

  it("takes any separator, and opens only what is open", () => {
    expect(tree(["a::1", "a::b::1", "b:1"], "::")).to.deep.equal(["a::", " 1", " b::", "  1", "b:1"]);
    expect(all(treeLines(rows(["a/1", "a/2"]), "/", () => false)).map(({ id }) => id)).to.deep.equal(["a/"]);
  });

  it("counts what a folder holds", () => {
    const lines = treeLines(rows(["a/1", "a/b/2", "a/b/3", "b"]), "/", () => false);
    expect(lines.at(0)).to.include({ kind: "folder", from: 0, to: 3 });
  });

  it("opens the way to a key", () => {
    expect(foldersOf("a/b/c", "/")).to.deep.equal(["a/", "a/b/"]);
  });
});

describe("the lines of keys", () => {
  it("say where a line is", () => {
    const flat = flatLines(rows(["a", "b"]));
    expect([flat.indexOf("key", "b"), flat.indexOf("key", "c"), flat.indexOf("folder", "a")]).to.deep.equal([
      1, -1, -1,
    ]);
    const open = treeLines(rows(["a", "a/", "a/1", "a/b/2", "c"]), "/", (id) => id === "a/");
    expect(all(open).map(({ kind, id }) => open.indexOf(kind, id))).to.deep.equal([0, 1, 2, 3, 4, 5]);
    expect(open.indexOf("key", "a/b/2"), "in a folder that is closed").to.equal(-1);
    expect([open.at(-1), open.at(6)]).to.deep.equal([undefined, undefined]);
  });

  it("are made when they are asked for: a hundred thousand cost a few reads", () => {
    let reads = 0;
    const many = Array.from({ length: 100_000 }, (_, i) => String(i).padStart(6, "0"));
    const counted = new Proxy(rows(many), {
      get(target, name, self) {
        if (typeof name === "string" && /^[0-9]+$/.test(name)) reads++;
        return Reflect.get(target, name, self);
      },
    });
    const lines = flatLines(counted);
    expect([lines.length, lines.at(70_000)?.id, lines.indexOf("key", "070000")]).to.deep.equal([
      100_000,
      "070000",
      70_000,
    ]);
    expect(reads).to.be.below(25);
  });

  it("say what rows say now", () => {
    const changing = rows(["a", "b"]).slice();
    const lines = flatLines(changing);
    changing[1] = { id: "b", modRevision: 7n, version: 2n, changedAt: 5 };
    expect(lines.at(1)).to.deep.include({ row: changing[1] });
  });
});

describe("the rows of keys", () => {
  it("are found once, and then a change costs what it changes", () => {
    const keys = new KeyRows();
    for (let i = 0; i < 10_000; i++) keys.put(row(`key/${i}`));
    let asked = 0;
    const accepts = (id: string): boolean => {
      asked++;
      return id.endsWith("7");
    };
    const found = keys.find(accepts);
    expect([found.length, asked]).to.deep.equal([1_000, 10_000]);
    asked = 0;
    keys.put(row("key/7", 2n));
    keys.put(row("key/8", 2n));
    keys.put(row("other/7"));
    keys.delete("key/17");
    expect(keys.find(accepts), "the same array").to.equal(found);
    expect(asked).to.equal(4);
    const expected = keys.all.filter(({ id }) => id.endsWith("7"));
    expect(found).to.deep.equal(expected);
    expect(found.length).to.equal(1_000);
  });

  it("know whether a key was there", () => {
    const keys = new KeyRows();
    expect([keys.put(row("a")), keys.put(row("a")), keys.delete("a"), keys.delete("a")]).to.deep.equal([
      false,
      true,
      true,
      false,
    ]);
    expect(keys.all).to.deep.equal([]);
  });

  it("find by another filter", () => {
    const keys = new KeyRows();
    for (const id of ["b", "a", "c"]) keys.put(row(id));
    expect(keys.find((id) => id < "b").map(({ id }) => id)).to.deep.equal(["a"]);
    expect(keys.find((id) => id > "b").map(({ id }) => id)).to.deep.equal(["c"]);
    expect(keys.find(undefined).map(({ id }) => id)).to.deep.equal(["a", "b", "c"]);
  });
});

describe("the list of keys", () => {
  it("has another shape when a key comes or goes, and not when one changes", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const list = new KeyList();
    const shapeAfter = (run: () => void): number => {
      run();
      t.mock.timers.tick(1_000);
      return list.getState().shape;
    };
    list.begin(1);
    list.load(keyValue("a"));
    const loaded = shapeAfter(() => list.loaded(1n));
    const put = (key: string): WatchEvent => ({ type: "put", kv: keyValue(key), prevKv: undefined, isCreate: false });
    const gone = (key: string): WatchEvent => ({ type: "delete", kv: keyValue(key), prevKv: undefined });
    expect(shapeAfter(() => list.apply({ revision: 2n, events: [put("a")] }))).to.equal(loaded);
    expect(shapeAfter(() => list.apply({ revision: 3n, events: [gone("b")] }))).to.equal(loaded);
    const more = shapeAfter(() => list.apply({ revision: 4n, events: [put("b")] }));
    expect(more).not.to.equal(loaded);
    expect(shapeAfter(() => list.apply({ revision: 5n, events: [gone("a")] }))).not.to.equal(more);
    expect(list.getState().rows.all.map(({ id }) => id)).to.deep.equal(["b"]);
  });
});

describe("the filter of keys", () => {
  const cases: readonly (readonly [filter: string, keys: readonly string[]])[] = [
    ["CONFIG", ["app/config", "config/a"]],
    ["config/*", ["config/a"]],
    ["*/?", ["config/a"]],
    ["/^a.*g$/", ["app/config"]],
    ["/^CONFIG/i", ["config/a"]],
    ["grü", ["grüße"]],
    ["a.b", []],
    ["", ["app/config", "config/a", "grüße"]],
  ];
  for (const [filter, expected] of cases) {
    it(`finds by ${JSON.stringify(filter)}`, () => {
      const accepts = parseFilter(filter) ?? (() => true);
      const ids = ["app/config", "config/a", "grüße"].map((key) => toKeyId(new TextEncoder().encode(key)));
      expect(ids.filter(accepts).map((id) => new TextDecoder().decode(toKey(id)))).to.deep.equal(expected);
    });
  }

  it("refuses what is no regular expression", () => {
    expect(() => parseFilter("/(/")).to.throw(SyntaxError);
  });
});

describe("two changes of one text", () => {
  it("come together where they are apart", () => {
    expect(mergeTexts("a\nb\nc", "A\nb\nc", "a\nb\nC")).to.deep.equal({ text: "A\nb\nC", conflicts: 0 });
    expect(mergeTexts("a", "b", "b")).to.deep.equal({ text: "b", conflicts: 0 });
  });

  it("are marked where they meet", () => {
    const { text, conflicts } = mergeTexts("a\nb", "a\nmine", "a\ntheirs");
    expect(conflicts).to.equal(1);
    expect(text).to.equal("a\n<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> theirs");
  });
});

function rows(keys: readonly string[]): readonly KeyRow[] {
  return keys.map((id) => row(id));
}

function row(id: string, version = 1n): KeyRow {
  return { id, modRevision: version, version, changedAt: 0 };
}

function tree(keys: readonly string[], separator = "/"): readonly string[] {
  const lines = treeLines(rows(keys), separator, () => true);
  return all(lines).map(({ depth, label }) => " ".repeat(depth) + label);
}

function all(lines: Lines): readonly Line[] {
  return Array.from({ length: lines.length }, (_, index) => lines.at(index) as Line);
}

function keyValue(key: string): KeyValue {
  const bytes = new TextEncoder().encode(key);
  return KeyValue.from({ key: bytes, value: bytes, createRevision: 1n, modRevision: 1n, version: 1n, lease: 0n });
}
