import type { Etcd } from "etcd-web";
import { useState } from "react";
import { EditorPanel } from "./editor/editor-panel.tsx";
import { exampleFor } from "./editor/example.ts";
import { useEditor } from "./editor/use-editor.ts";
import { EventsPanel } from "./events/events-panel.tsx";
import { useWatch } from "./events/use-watch.ts";
import { KeysPanel } from "./keys/keys-panel.tsx";

/** Form, keys and events of one client. One watch feeds both lists. */
export function Workspace({ etcd }: { readonly etcd: Etcd }) {
  const [prefix, setPrefix] = useState("");
  const editor = useEditor(etcd);
  const watch = useWatch(etcd, prefix);
  return (
    <main className="workspace">
      <EditorPanel editor={editor} />
      <EventsPanel
        watch={watch}
        prefix={prefix}
        onPrefix={setPrefix}
        example={exampleFor(prefix)}
        onExample={editor.putExample}
      />
      <KeysPanel keys={watch.keys} selected={editor.key} onSelect={editor.select} />
    </main>
  );
}
