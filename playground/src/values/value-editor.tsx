import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import type { Extension } from "@codemirror/state";
import { lineNumbers } from "@codemirror/view";
import { CodeEditor, type CodeEditorProps } from "../ui/code-editor.tsx";
import type { ValueFormat } from "./value-format.ts";

/** CodeMirror for a value of a format. */
export function ValueEditor({
  format,
  ...props
}: { readonly format: ValueFormat } & Omit<CodeEditorProps, "extensions">) {
  return <CodeEditor {...props} extensions={languages[format]} />;
}

const languages: Readonly<Record<ValueFormat, Extension>> = {
  text: [],
  json: json(),
  yaml: yaml(),
  // The offset of each line's first byte.
  hex: lineNumbers({ formatNumber: (line) => ((line - 1) * 16).toString(16).padStart(4, "0") }),
};
