import { describe, it } from "node:test";
import { expect } from "chai";
import { parseFilter } from "../../../playground/src/panels/keys/key-filter.ts";
import { toKey, toKeyId } from "../../../playground/src/panels/keys/key-id.ts";
import type { KeyRow } from "../../../playground/src/panels/keys/key-row.ts";
import { foldersOf, treeLines } from "../../../playground/src/panels/keys/key-tree.ts";
import { mergeTexts } from "../../../playground/src/values/three-way.ts";

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
    expect(treeLines(rows(["a/1", "a/2"]), "/", () => false).map(({ id }) => id)).to.deep.equal(["a/"]);
  });

  it("counts what a folder holds", () => {
    const [folder] = treeLines(rows(["a/1", "a/b/2", "a/b/3", "b"]), "/", () => false);
    expect(folder).to.include({ kind: "folder", from: 0, to: 3 });
  });

  it("opens the way to a key", () => {
    expect(foldersOf("a/b/c", "/")).to.deep.equal(["a/", "a/b/"]);
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
  return keys.map((id) => ({ id, modRevision: 1n, version: 1n, changedAt: 0 }));
}

function tree(keys: readonly string[], separator = "/"): readonly string[] {
  return treeLines(rows(keys), separator, () => true).map(({ depth, label }) => " ".repeat(depth) + label);
}
