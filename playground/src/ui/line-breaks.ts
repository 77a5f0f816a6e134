import { EditorState, type Extension, Facet } from "@codemirror/state";

/**
 * What gives a text back as it was, but for what was edited. CodeMirror splits a text at any break and joins the lines
 * with "\n". Here they are joined with what all of them ended with; and where they did not all end the same way, each
 * keeps its "\r" as a character, which is shown.
 */
export function keepingBreaks(text: string): Extension {
  if (!text.includes("\r")) return [];
  const isMixed = /\r(?!\n)|(?<!\r)\n/.test(text);
  return isMixed ? EditorState.lineSeparator.of("\n") : joinedWith.of("\r\n");
}

/** The text of an editor that has {@link keepingBreaks}. */
export function textOf(state: EditorState): string {
  return state.doc.sliceString(0, state.doc.length, state.facet(joinedWith));
}

// Not CodeMirror's own facet for it: with that, pasted lines that end otherwise are no lines any more.
const joinedWith = Facet.define<string, string>({ combine: ([first = "\n"]) => first });
