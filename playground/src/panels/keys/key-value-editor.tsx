import { isEtcdError, KeyValue } from "etcd-web";
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
import { LazyValueEditor } from "./lazy-editor.tsx";
import { type Draft, useDraft } from "./use-draft.ts";

/** A value to look at and change. What is saved replaces what was read, and nothing else. */
export function KeyValueEditor({ kv }: { readonly kv: KeyValue }) {
  const etcd = useEtcd();
  const readOnly = useReadOnly();
  const draft = useDraft(kv);
  const [isSaving, setSaving] = useState(false);
  const [dialog, setDialog] = useState<"code" | "conflict">();
  const canSave = !readOnly && draft.isChanged && draft.encoded.fault === undefined && !isSaving;

  async function save(base: KeyValue, value: Uint8Array): Promise<void> {
    setSaving(true);
    try {
      const ifModRevision = base.modRevision;
      const { revision } = await etcd.update(kv.key, value, { ifModRevision, ignoreLease: base.lease !== 0n });
      draft.rebase(savedAs(base, value, revision));
      setDialog(undefined);
      toast({ tone: "good", text: `Saved ${keyText(kv.key)} at revision ${revision}` });
    } catch (error) {
      if (isEtcdError(error, "conflict")) setDialog("conflict");
      else toastFailure(toFailure(error));
    } finally {
      setSaving(false);
    }
  }

  function saveDraft(): void {
    if (canSave && draft.encoded.fault === undefined) void save(draft.base, draft.encoded.bytes);
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
          <IconButton icon={Code} label="Copy as code" onPress={() => setDialog("code")} />
          <IconButton icon={Undo2} label="Revert" onPress={draft.takeTheirs} isDisabled={!draft.isChanged} />
          <Button kind="primary" icon={Save} onPress={saveDraft} isDisabled={!canSave} isPending={isSaving}>
            Save
          </Button>
        </div>
      </div>
      {draft.isBehind && draft.isChanged && (
        <div className="value-behind" role="alert">
          <p>This key has been changed at revision {kv.modRevision.toString()} while you were editing.</p>
          <Button onPress={() => setDialog("conflict")}>Compare…</Button>
          <Button onPress={draft.takeTheirs}>Take theirs</Button>
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
      <CodeDialog
        isOpen={dialog === "code"}
        onClose={() => setDialog(undefined)}
        code={
          draft.isChanged && draft.encoded.fault === undefined
            ? keyCode.save(draft.base, draft.encoded.bytes)
            : keyCode.get(kv.key)
        }
      />
      {dialog === "conflict" && (
        <ConflictDialog
          base={draft.base}
          theirs={kv}
          draft={draft.text}
          format={draft.format}
          onClose={() => setDialog(undefined)}
          onTakeTheirs={() => {
            draft.takeTheirs();
            setDialog(undefined);
          }}
          onSave={(text, value) => {
            draft.rebase(kv, text);
            void save(kv, value);
          }}
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

/** What the server holds after a save that it has confirmed. */
function savedAs(base: KeyValue, value: Uint8Array, revision: bigint): KeyValue {
  const { key, createRevision, version, lease } = base;
  return KeyValue.from({ key, value, createRevision, modRevision: revision, version: version + 1n, lease });
}
