import { autocompletion } from "@codemirror/autocomplete";
import { javascript } from "@codemirror/lang-javascript";
import { type Extension, Prec } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import { useEffectEvent, useState } from "react";
import { CodeEditor } from "../../ui/code-editor.tsx";
import { completeEtcd } from "./complete.ts";

/** Of TypeScript. Mod Enter runs it. */
export function Editor(props: {
  readonly code: string;
  readonly onChange: (code: string) => void;
  readonly onRun: () => void;
}) {
  const { code, onChange, onRun } = props;
  const run = useEffectEvent(onRun);
  const [extensions] = useState<Extension>(() => [
    javascript({ typescript: true }),
    autocompletion({ override: [completeEtcd] }),
    Prec.highest(keymap.of([{ key: "Mod-Enter", preventDefault: true, run: handled(run) }])),
  ]);
  return <CodeEditor label="TypeScript" value={code} onChange={onChange} extensions={extensions} />;
}

function handled(act: () => void): () => boolean {
  return () => {
    act();
    return true;
  };
}
