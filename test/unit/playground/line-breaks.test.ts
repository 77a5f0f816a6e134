import { describe, it } from "node:test";
import { EditorState } from "@codemirror/state";
import { expect } from "chai";
import { keepingBreaks, textOf } from "../../../playground/src/ui/line-breaks.ts";

describe("a text in the editor", () => {
  const texts: readonly (readonly [name: string, text: string, lines: number, appended: string])[] = [
    ["without a break", "a", 1, "a1\n2\n3"],
    ["of Unix", "a\nb\n", 3, "a\nb\n1\n2\n3"],
    ["of Windows", "a\r\nb\r\n", 3, "a\r\nb\r\n1\r\n2\r\n3"],
    ["of an old Mac, in which the breaks are characters", "a\rb\r", 1, "a\rb\r1\r\n2\n3"],
    ["with both, of which each stays what it is", "a\r\nb\n", 3, "a\r\nb\n1\r\n2\n3"],
    ["that begins and ends with breaks", "\r\n\r\na\r\n\r\n", 5, "\r\n\r\na\r\n\r\n1\r\n2\r\n3"],
    ["with two carriage returns before a line feed", "a\r\r\nb", 2, "a\r\r\nb1\r\n2\n3"],
  ];
  for (const [name, text, lines, appended] of texts) {
    it(`${name}: is the same again, also after a paste`, () => {
      const state = EditorState.create({ doc: text, extensions: keepingBreaks(text) });
      expect([textOf(state), state.doc.lines]).to.deep.equal([text, lines]);
      // As a paste splits it.
      const pasted = state.toText("1\r\n2\n3");
      expect(textOf(state.update({ changes: { from: state.doc.length, insert: pasted } }).state)).to.equal(appended);
    });
  }
});
