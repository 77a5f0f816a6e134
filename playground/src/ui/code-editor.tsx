import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldGutter, indentOnInput } from "@codemirror/language";
import { unifiedMergeView } from "@codemirror/merge";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { useEffect, useEffectEvent, useRef } from "react";
import { flushSync } from "react-dom";
import { enableShadowDOM } from "react-stately/private/flags/flags";
import { editorTheme } from "./editor-theme.ts";
import { keepingBreaks, textOf } from "./line-breaks.ts";
import "./code-editor.css";

export interface CodeEditorProps {
  /** Its name for screen readers. */
  readonly label: string;
  readonly value: string;
  readonly onChange?: (value: string) => void;
  readonly isReadOnly?: boolean;
  /** Language, linters, keys. Keep its identity while it is the same. */
  readonly extensions?: Extension;
  /** Shown as a diff against this. */
  readonly original?: string;
  /** Tab goes on to what comes next, as in a form. Else it indents; Escape, then Tab leaves. */
  readonly isInForm?: boolean;
}

// Else the dialogs of react-aria do not see what is in a shadow root, and lead Tab past the editor.
enableShadowDOM();

/** CodeMirror, in a shadow root: there its styles are adopted sheets, which the page's content security policy allows. */
export function CodeEditor(props: CodeEditorProps) {
  const { label, value, isReadOnly = false, extensions = none, original, isInForm = false } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const options = useRef(new Compartment());
  const breaks = useRef(new Compartment());
  // At once: React is told of no event in a shadow root, and would let the next key come first.
  const changed = useEffectEvent((text: string) => flushSync(() => props.onChange?.(text)));
  const initial = useEffectEvent(() => value);

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: initial(),
        extensions: [
          basics,
          options.current.of([]),
          breaks.current.of(keepingBreaks(initial())),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !update.transactions.some((each) => each.isUserEvent("etcd"))) {
              changed(textOf(update.state));
            }
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined) return;
    const compare =
      original === undefined
        ? []
        : unifiedMergeView({ original: editor.state.toText(original), mergeControls: false, collapseUnchanged: {} });
    editor.dispatch({
      effects: options.current.reconfigure([
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
        EditorState.readOnly.of(isReadOnly),
        isInForm ? [] : keymap.of([indentWithTab]),
        compare,
        extensions,
      ]),
    });
  }, [label, isReadOnly, extensions, original, isInForm]);

  // What comes from outside, and only where it differs: the cursor stays.
  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || textOf(editor.state) === value) return;
    // First, as it says how the text is split.
    editor.dispatch({ effects: breaks.current.reconfigure(keepingBreaks(value)) });
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value }, userEvent: "etcd" });
  }, [value]);

  return <div ref={host} className="code-editor" />;
}

const none: Extension = [];

const basics: Extension = [
  lineNumbers(),
  foldGutter(),
  highlightSpecialChars(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  highlightActiveLine(),
  highlightSelectionMatches(),
  EditorState.tabSize.of(2),
  keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap]),
  editorTheme,
];
