import type { KeyValue } from "etcd-web";
import { useEtcd } from "etcd-web/react";
import { ArrowLeft, CirclePlus, Clock, Copy, History, MoreHorizontal, PencilLine, Timer, Trash2 } from "lucide-react";
import { memo, useMemo, useState } from "react";
import { useReadOnly } from "../../connection/use-connection.ts";
import { openPanel } from "../../route/router.ts";
import { formatId, formatSeconds } from "../../text/format.ts";
import { keyText } from "../../text/key-text.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Menu, type MenuAction } from "../../ui/menu.tsx";
import { Badge, EmptyState, FailureNote } from "../../ui/notes.tsx";
import { type KeyId, toKey } from "./key-id.ts";
import { KeyValueEditor } from "./key-value-editor.tsx";
import { LargeValue, largeBytes } from "./large-value.tsx";
import { LeaseDialog } from "./lease-dialog.tsx";
import { MoveDialog } from "./move-dialog.tsx";
import { useKey } from "./use-key.ts";
import { useLeaseLeft } from "./use-lease-left.ts";

export interface KeyDetailProps {
  readonly id: KeyId;
  readonly onClose: () => void;
  readonly onOpen: (key: Uint8Array) => void;
  readonly onCreate: (key: string) => void;
  readonly onDelete: (key: Uint8Array) => void;
}

/** One key, live: its value, its facts, and what can be done with it. */
export const KeyDetail = memo(function KeyDetail({ id, ...actions }: KeyDetailProps) {
  const etcd = useEtcd();
  const key = useMemo(() => toKey(id), [id]);
  const { state, failure } = useKey(etcd, key);
  const [last, setLast] = useState<KeyValue>();
  const [isWhole, setWhole] = useState(false);
  if (state?.kv !== undefined && state.kv !== last) setLast(state.kv);
  const note = failure && (
    <div className="key-failure">
      <FailureNote failure={failure} />
    </div>
  );
  if (state === undefined) return note;
  const shown = state.kv ?? last;
  if (shown === undefined) return note ?? <Missing text={keyText(key)} {...actions} />;
  // What is being edited stays, however large others make the value.
  if (!isWhole && shown.value.length <= largeBytes) setWhole(true);
  return (
    <article className="key-detail" aria-label={keyText(key)}>
      <DetailHead kv={shown} isGone={state.kv === undefined} {...actions} />
      {note}
      {shown.value.length > largeBytes && !isWhole ? (
        <LargeValue kv={shown} onShow={() => setWhole(true)} />
      ) : (
        <KeyValueEditor kv={shown} live={state} />
      )}
    </article>
  );
});

type Actions = Omit<KeyDetailProps, "id">;

function Missing({ text, onCreate, onClose }: { readonly text: string } & Actions) {
  const readOnly = useReadOnly();
  return (
    <EmptyState
      icon={CirclePlus}
      title="There is no such key"
      actions={
        <>
          <Button onPress={onClose}>Close</Button>
          <Button onPress={() => openPanel("history", { key: text })}>Its history</Button>
          <Button kind="primary" isDisabled={readOnly} onPress={() => onCreate(text)}>
            Create it
          </Button>
        </>
      }
    >
      <code>{text}</code>
    </EmptyState>
  );
}

function DetailHead({ kv, isGone, ...actions }: { readonly kv: KeyValue; readonly isGone: boolean } & Actions) {
  const readOnly = useReadOnly();
  const [dialog, setDialog] = useState<"rename" | "copy" | "lease">();
  const text = keyText(kv.key);
  const close = (): void => setDialog(undefined);
  const isDisabled = readOnly || isGone;
  const menu: readonly MenuAction[] = [
    { id: "history", label: "History", icon: History, run: () => openPanel("history", { key: text }) },
    { id: "copy", label: "Copy to another key…", icon: Copy, isDisabled, run: () => setDialog("copy") },
    { id: "rename", label: "Rename…", icon: PencilLine, isDisabled, run: () => setDialog("rename") },
    { id: "lease", label: "Time to live…", icon: Timer, isDisabled, run: () => setDialog("lease") },
    { id: "delete", label: "Delete", icon: Trash2, danger: true, isDisabled, run: () => actions.onDelete(kv.key) },
  ];
  return (
    <header className="detail-head">
      <div className="detail-title">
        <IconButton className="detail-back" icon={ArrowLeft} label="Back to the list" onPress={actions.onClose} />
        <h2 className="mono">{text}</h2>
        <CopyButton text={text} label="Copy the key" />
        <div className="detail-actions">
          <IconButton icon={History} label="History" onPress={() => openPanel("history", { key: text })} />
          <Menu
            label="What to do with the key"
            trigger={<IconButton icon={MoreHorizontal} label="More" />}
            actions={menu}
          />
        </div>
      </div>
      <dl className="detail-facts">
        <Fact name="Changed at" value={kv.modRevision.toString()} />
        <Fact name="Created at" value={kv.createRevision.toString()} />
        <Fact name="Version" value={kv.version.toString()} />
        <LeaseFact lease={kv.lease} />
        {isGone && <Badge tone="bad">Deleted</Badge>}
      </dl>
      {(dialog === "rename" || dialog === "copy") && (
        <MoveDialog kv={kv} keep={dialog === "copy"} onClose={close} onMoved={actions.onOpen} />
      )}
      {dialog === "lease" && <LeaseDialog kv={kv} onClose={close} />}
    </header>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function LeaseFact({ lease }: { readonly lease: bigint }) {
  const left = useLeaseLeft(useEtcd(), lease);
  if (lease === 0n) return <Fact name="Lease" value="none" />;
  return (
    <div>
      <dt>Lease</dt>
      <dd>
        <span className="mono">{formatId(lease)}</span> {left === "gone" && <Badge tone="bad">run out</Badge>}
        {typeof left === "object" && (
          <Badge tone={left.seconds <= 10 ? "wait" : "note"}>
            <Clock aria-hidden="true" size={11} /> {formatSeconds(left.seconds)} left
          </Badge>
        )}
      </dd>
    </div>
  );
}
