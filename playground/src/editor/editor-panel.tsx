import { useId } from "react";
import { Panel } from "../ui/panel.tsx";
import { OutcomeView } from "./outcome-view.tsx";
import type { Editor } from "./use-editor.ts";

/** Puts, gets and deletes one key. */
export function EditorPanel({ editor }: { readonly editor: Editor }) {
  const keyField = useId();
  const valueField = useId();
  return (
    <Panel name="editor" title="Change a key">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          editor.put();
        }}
      >
        <label htmlFor={keyField}>Key</label>
        <input
          id={keyField}
          name="key"
          placeholder="config/theme"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={editor.key}
          onChange={(event) => editor.setKey(event.target.value)}
        />
        <label htmlFor={valueField}>Value</label>
        <textarea
          id={valueField}
          name="value"
          rows={3}
          placeholder="dark"
          autoCapitalize="none"
          spellCheck={false}
          value={editor.value}
          onChange={(event) => editor.setValue(event.target.value)}
        />
        <div className="buttons">
          <button type="submit" className="primary">
            Put
          </button>
          <button type="button" onClick={editor.get}>
            Get
          </button>
          <button type="button" className="danger" onClick={editor.remove}>
            Delete
          </button>
        </div>
      </form>
      <OutcomeView outcome={editor.outcome} />
    </Panel>
  );
}
