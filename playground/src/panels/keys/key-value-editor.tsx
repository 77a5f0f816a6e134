import { isEtcdError, type KeyValue } from "etcd-web";
import { useEtcd } from "etcd-web/react";
import { AlignLeft, Code, Save, Undo2 } from "lucide-react";
import { type KeyboardEvent, Suspense, useState } from "react";
import { useReadOnly } from "../../connection/use-connection.ts";
import { toFailure } from "../../text/failure.ts";
import { formatBytes } from "../../text/format.ts";
import { keyText } from "../../text/key-text.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { CodeDialog } from "../../ui/code-block.tsx";
import { toast, toastFailure } from "../../ui/toast.tsx";
import { Segmented } from "../../ui/toggles.tsx";
import { valueFormats } from "../../values/value-format.ts";
import { ConflictDialog } from "./conflict-dialog.tsx";
import { keyCode } from "./key-code.ts";
import { type KeyState, newerOf, readKey } from "./key-state.ts";
import { LazyValueEditor } from "./lazy-editor.tsx";
import { saveValue } from "./save-value.ts";
import { type Draft, useDraft } from "./use-draft.ts";

interface KeyValueEditorProps {
  /** What there is, or was last. */
  readonly kv: KeyValue;
  readonly live: KeyState;
}

/** A value to look at and change. What is saved replaces what was read, and nothing else. */
export function KeyValueEditor({ kv, live }: KeyValueEditorProps) {
  const etcd = useEtcd();
  const readOnly = useReadOnly();
  const [found, setFound] = useState<KeyState>();
  const now = newerOf(live, found);
  const draft = useDraft(kv, now);
  const [isSaving, setSaving] = useState(false);
  const [isCodeShown, setCodeShown] = useState(false);
  const [theirs, setTheirs] = useState<KeyValue>();
  const canStore = !readOnly && draft.isChanged && draft.encoded.fault === undefined && !isSaving;
  const canSave = canStore && draft.fate !== "gone";

  /** With a text that takes the place of the draft's, once it is saved. */
  async function save(base: KeyValue | undefined, value: Uint8Array, text?: string): Promise<void> {
    setSaving(true);
    try {
      const saved = await saveValue(etcd, kv.key, value, base);
      draft.rebase(saved, text);
      setTheirs(undefined);
      toast({ tone: "good", text: `Saved ${keyText(kv.key)} at revision ${saved.modRevision}` });
    } catch (error) {
      if (isEtcdError(error, "conflict") || isEtcdError(error, "already-exists")) await lookAgain();
      else toastFailure(toFailure(error));
    } finally {
      setSaving(false);
    }
  }

  /** After a save that was refused: the watch may not have told yet. */
  async function lookAgain(): Promise<void> {
    try {
      const state = await readKey(etcd, kv.key);
      setFound(state);
      if (state.kv !== undefined) setTheirs((merged) => merged ?? state.kv);
    } catch (error) {
      toastFailure(toFailure(error));
    }
  }

  function saveDraft(): void {
    if (canSave && draft.encoded.fault === undefined) void save(draft.base, draft.encoded.bytes);
  }

  function createAgain(): void {
    if (canStore && draft.encoded.fault === undefined) void save(undefined, draft.encoded.bytes);
  }

  function press(event: KeyboardEvent): void {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    saveDraft();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut; the button beside it does the same
    <div className="value-editor" onKeyDown={press}>
      <div className="value-tools">
        <Segmented label="Format" choices={valueFormats} value={draft.format} onChange={draft.setFormat} />
        <span className="muted number">{formatBytes(kv.value.length)}</span>
        <div className="value-actions">
          {draft.format !== "text" && (
            <IconButton
              icon={AlignLeft}
              label="Lay out"
              onPress={draft.layOut}
              isDisabled={draft.encoded.fault !== undefined}
            />
          )}
          <IconButton icon={Code} label="Copy as code" onPress={() => setCodeShown(true)} />
          <IconButton icon={Undo2} label="Revert" onPress={draft.takeTheirs} isDisabled={!draft.isChanged} />
          <Button kind="primary" icon={Save} onPress={saveDraft} isDisabled={!canSave} isPending={isSaving}>
            Save
          </Button>
        </div>
      </div>
      {draft.isChanged && draft.fate !== "same" && (
        <div className="value-behind" role="alert">
          {now.kv === undefined ? (
            <>
              <p>This key has been deleted while you were editing.</p>
              <Button onPress={createAgain} isDisabled={!canStore}>
                Create it again
              </Button>
            </>
          ) : (
            <>
              <p>This key has been changed at revision {now.kv.modRevision.toString()} while you were editing.</p>
              <Button onPress={() => setTheirs(now.kv)}>Compare…</Button>
              <Button onPress={draft.takeTheirs}>Take theirs</Button>
            </>
          )}
        </div>
      )}
      <div className="value-text">
        <Suspense fallback={<p className="muted value-loading">Loading the editor…</p>}>
          <LazyValueEditor
            label={`Value of ${keyText(kv.key)}`}
            format={draft.format}
            value={draft.text}
            onChange={draft.setText}
            isReadOnly={readOnly}
          />
        </Suspense>
      </div>
      <ValueState draft={draft} />
      <CodeDialog isOpen={isCodeShown} onClose={() => setCodeShown(false)} code={codeOf(draft)} />
      {theirs !== undefined && (
        <ConflictDialog
          draft={draft}
          theirs={theirs}
          now={now}
          isSaving={isSaving}
          onClose={() => setTheirs(undefined)}
          onTakeTheirs={() => {
            draft.takeTheirs();
            setTheirs(undefined);
          }}
          onSave={(over, text, value) => void save(over, value, text)}
        />
      )}
    </div>
  );
}

/** In a line of its own, always there: nothing moves when it changes. */
function ValueState({ draft: { encoded, isChanged, format } }: { readonly draft: Draft }) {
  return (
    <p className="value-state" role="status" data-fault={encoded.fault !== undefined || undefined}>
      {encoded.fault !== undefined
        ? `Not valid as ${format === "hex" ? "hex" : format.toUpperCase()}: ${encoded.fault}`
        : ""}
      {encoded.fault === undefined && (isChanged ? `Not saved yet · ${formatBytes(encoded.bytes.length)}` : "Saved")}
    </p>
  );
}

function codeOf({ base, encoded, fate, isChanged }: Draft): string {
  if (!isChanged || encoded.fault !== undefined) return keyCode.get(base.key);
  return fate === "gone" ? keyCode.create(base.key, encoded.bytes) : keyCode.save(base, encoded.bytes);
}
