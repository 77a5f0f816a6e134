import { describe, it } from "node:test";
import { expect } from "chai";
import { beginDraft, isChanged } from "../../../playground/src/panels/keys/draft.ts";
import { fateOf, type KeyState, newerOf } from "../../../playground/src/panels/keys/key-state.ts";
import { beginMerging, editResult, mergeAgain, unsettledIn } from "../../../playground/src/panels/keys/merging.ts";
import { KeyValue } from "../../../src/index.ts";

describe("a draft", () => {
  it("is unchanged while it is what is stored, in any format that shows it", () => {
    const draft = beginDraft(at(1n, "a: 1\n"), "yaml");
    expect([isChanged(draft), isChanged({ ...draft, text: "a: 2\n" })]).to.deep.equal([false, true]);
    const bytes = beginDraft(kvOf(1n, Uint8Array.of(255, 0)), "text");
    expect(bytes).to.include({ format: "hex", text: "ff 00" });
    expect(isChanged(bytes)).to.equal(false);
  });
});

describe("what has become of a key", () => {
  const base = at(5n, "a");
  const states: readonly (readonly [string, KeyState, string])[] = [
    ["as it was", { kv: base, revision: 9n }, "same"],
    ["written since", { kv: at(6n, "a"), revision: 6n }, "changed"],
    ["what it was before it was saved here, as the watch is late", { kv: at(4n, "a"), revision: 4n }, "same"],
    ["deleted since", { kv: undefined, revision: 6n }, "gone"],
    ["deleted before it was created again here", { kv: undefined, revision: 4n }, "same"],
  ];
  for (const [name, state, fate] of states) {
    it(`${name}: ${fate}`, () => {
      expect(fateOf(base, state)).to.equal(fate);
    });
  }

  it("is told by whoever knows more, the watch or an answer", () => {
    const live: KeyState = { kv: at(5n, "a"), revision: 5n };
    const [older, gone]: readonly KeyState[] = [
      { kv: undefined, revision: 4n },
      { kv: undefined, revision: 6n },
    ];
    expect(newerOf(live, undefined)).to.equal(live);
    expect(newerOf(live, older)).to.equal(live);
    expect(newerOf(live, gone)).to.equal(gone);
  });
});

describe("merging", () => {
  const base = at(1n, "1\n2\n3\n4\n5");

  it("puts both changes together, and keeps what was made of them when they change it again", () => {
    const first = beginMerging(base, at(2n, "1 theirs\n2\n3\n4\n5"), "1\n2\n3\n4\n5 mine", "text");
    expect(first).to.include({ result: "1 theirs\n2\n3\n4\n5 mine", conflicts: 0, isEdited: false });
    const edited = editResult(first, "1 theirs\n2\n3 by hand\n4\n5 mine");
    const again = mergeAgain(edited, at(3n, "1 again\n2\n3\n4\n5"));
    expect(again).to.include({ result: "1 again\n2\n3 by hand\n4\n5 mine", conflicts: 0, isEdited: true });
    expect(again.theirs.modRevision).to.equal(3n);
  });

  it("marks where both changed the same, also the second time", () => {
    const first = beginMerging(base, at(2n, "1\n2\n3 theirs\n4\n5"), "1\n2\n3 mine\n4\n5", "text");
    expect(unsettledIn(first)).to.equal(1);
    const settled = editResult(first, "1\n2\n3 ours\n4\n5");
    expect(unsettledIn(settled)).to.equal(0);
    const again = mergeAgain(settled, at(3n, "1\n2\n3 theirs again\n4\n5"));
    expect(again.result).to.equal("1\n2\n<<<<<<< yours\n3 ours\n=======\n3 theirs again\n>>>>>>> theirs\n4\n5");
    expect([unsettledIn(again), again.conflicts]).to.deep.equal([1, 2]);
  });

  it("does not take the lines of a value for marks", () => {
    const heading = "Heading\n=======\n2\n3\n4";
    const merging = beginMerging(at(1n, heading), at(2n, `${heading} theirs`), heading, "text");
    expect(unsettledIn(merging)).to.equal(0);
    const second = "Another\n=======\n";
    const clash = beginMerging(at(1n, heading), at(2n, `${second}theirs`), `${second}mine`, "text");
    expect(unsettledIn(clash)).to.equal(1);
    const left = clash.result.replace("<<<<<<< yours\n", "").replace("\n>>>>>>> theirs", "");
    expect(left).to.equal(`${second}mine\n=======\ntheirs`);
    expect(unsettledIn(editResult(clash, left))).to.equal(1);
    expect(unsettledIn(editResult(clash, `${second}mine\ntheirs`))).to.equal(0);
    const again = mergeAgain(clash, at(3n, `${second}theirs\nmore`));
    expect(unsettledIn(editResult(again, `${second}mine\n=======\ntheirs`))).to.equal(1);
  });

  it("keeps the ends of lines, of the marks too where all are as Windows ends them", () => {
    const windows = beginMerging(at(1n, "1\r\n2"), at(2n, "1\r\n2\r\n3"), "one\r\n2", "text");
    expect([windows.result, windows.conflicts]).to.deep.equal(["one\r\n2\r\n3", 0]);
    const clash = beginMerging(at(1n, "1\r\n2"), at(2n, "1\r\ntheirs"), "1\r\nmine", "text");
    const marked = "1\r\n<<<<<<< yours\r\nmine\r\n=======\r\ntheirs\r\n>>>>>>> theirs";
    expect([clash.result, unsettledIn(clash)]).to.deep.equal([marked, 1]);
    const mixed = beginMerging(at(1n, "1\r\n2\n3\n4"), at(2n, "1\r\n2\n3\n4\n5"), "one\r\n2\n3\n4", "text");
    expect(mixed.result).to.equal("one\r\n2\n3\n4\n5");
  });

  it("compares JSON in one layout, and the next writing in the same", () => {
    const first = beginMerging(
      at(1n, '{"a":1,"b":1,"c":1}'),
      at(2n, '{"a":2,"b":1,"c":1}'),
      '{"a":1,"b":1,"c":2}',
      "json",
    );
    expect(first.result).to.equal('{\n  "a": 2,\n  "b": 1,\n  "c": 2\n}');
    const again = mergeAgain(first, at(3n, '{"a":3,"b":1,"c":1}'));
    expect(again.result).to.equal('{\n  "a": 3,\n  "b": 1,\n  "c": 2\n}');
  });
});

function at(modRevision: bigint, text: string): KeyValue {
  return kvOf(modRevision, new TextEncoder().encode(text));
}

function kvOf(modRevision: bigint, value: Uint8Array): KeyValue {
  return KeyValue.from({ key: new Uint8Array(1), value, createRevision: 1n, modRevision, version: 1n, lease: 0n });
}
