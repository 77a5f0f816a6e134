import type { KeyValue, Range } from "etcd-web";
import { useEtcd } from "etcd-web/react";
import { ArrowLeft, ExternalLink, RotateCcw } from "lucide-react";
import { Suspense, useState } from "react";
import { useReadOnly } from "../../connection/use-connection.ts";
import { openPanel } from "../../route/router.ts";
import { toFailure } from "../../text/failure.ts";
import { countOf } from "../../text/format.ts";
import { keyText } from "../../text/key-text.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { confirm } from "../../ui/confirm.tsx";
import { copyText } from "../../ui/copy-button.tsx";
import { Select } from "../../ui/select.tsx";
import { toast, toastFailure } from "../../ui/toast.tsx";
import { Segmented } from "../../ui/toggles.tsx";
import { guessFormat, showValue, type ValueFormat, valueFormats } from "../../values/value-format.ts";
import { LazyValueEditor } from "../keys/lazy-editor.tsx";
import type { Entry } from "./history-log.ts";
import { planRestore, restore, restoreKey } from "./restore.ts";
import { restoreCode, restoreKeyCode } from "./restore-code.ts";

interface EntryDetailProps {
  readonly entry: Entry;
  /** Of the same key, newest first. */
  readonly others: readonly Entry[];
  /** All that the history is of, where that is more than a key. */
  readonly range: Range | undefined;
  /** What is older cannot be read any more. */
  readonly beginsAt: bigint;
  /** To the list, where it is not beside. */
  readonly onBack: () => void;
}

/** What a revision has made of a key, against any other; and the way back to it. */
export function EntryDetail({ entry, others, range, beginsAt, onBack }: EntryDetailProps) {
  const etcd = useEtcd();
  const readOnly = useReadOnly();
  const [against, setAgainst] = useState(entry.before?.index.toString() ?? "nothing");
  const [chosen, setChosen] = useState<ValueFormat>();
  const other = others.find(({ index }) => index.toString() === against);
  const text = keyText(entry.key);
  const revision = entry.revision > beginsAt ? entry.revision : beginsAt;
  const shown = entry.kv ?? entry.before?.kv;
  const format = chosen ?? (shown ? guessFormat(text, shown.value) : "text");

  async function bringBack(kv: KeyValue): Promise<void> {
    try {
      const done = await restoreKey(etcd, kv);
      const action = { label: "Copy as code", run: () => void copyText(restoreKeyCode(kv)) };
      if (done) toast({ tone: "good", text: `${text} is again what it was at revision ${kv.modRevision}`, action });
      else toast({ tone: "bad", text: "Somebody has changed the key just now: nothing was done." });
    } catch (error) {
      toastFailure(toFailure(error));
    }
  }

  async function bringAllBack(all: Range): Promise<void> {
    try {
      const { steps, created, changed, deleted } = await planRestore(etcd, all, revision);
      if (steps.length === 0) return toast({ tone: "note", text: "Everything is as it was then." });
      const code = restoreCode(steps);
      const yes = await confirm({
        title: `Back to revision ${revision}?`,
        body: (
          <p>
            {countOf(created, "key")} put back, {countOf(changed, "value")} changed, {countOf(deleted, "key")} that came
            later deleted. Keys whose value has not changed stay as they are.
          </p>
        ),
        action: `Restore ${countOf(steps.length, "key")}`,
        danger: deleted > 0,
        ...(code !== undefined && { code }),
      });
      if (!yes) return;
      const done = await restore(etcd, steps);
      if (done) toast({ tone: "good", text: `${countOf(steps.length, "key")} restored` });
      else toast({ tone: "bad", text: "Something was changed meanwhile: not all of it was restored. Look again." });
    } catch (error) {
      toastFailure(toFailure(error));
    }
  }

  return (
    <article className="entry-detail" aria-label={`${text} at revision ${entry.revision}`}>
      <header className="entry-head">
        <div className="entry-title">
          <IconButton className="entry-back" icon={ArrowLeft} label="Back to the list" onPress={onBack} />
          <h2 className="mono">{text}</h2>
          <IconButton icon={ExternalLink} label="Open the key" onPress={() => openPanel("keys", { key: text })} />
          <div className="entry-actions">
            {range && (
              <Button isDisabled={readOnly} onPress={() => void bringAllBack(range)}>
                All keys to {revision.toString()}…
              </Button>
            )}
            <Button
              kind="primary"
              icon={RotateCcw}
              isDisabled={readOnly || shown === undefined}
              onPress={() => shown && void bringBack(shown)}
            >
              {entry.kv === undefined ? "Bring it back" : "Restore this value"}
            </Button>
          </div>
        </div>
        <div className="entry-tools">
          <Segmented label="Format" choices={valueFormats} value={format} onChange={setChosen} />
          <Select
            className="entry-against"
            label="Compared with"
            value={against}
            onChange={setAgainst}
            choices={[
              { id: "nothing", label: "nothing" },
              ...others
                .filter(({ index }) => index !== entry.index)
                .map((each) => ({ id: each.index.toString(), label: nameOf(each, others[0]) })),
            ]}
          />
        </div>
      </header>
      <div className="entry-text">
        <Suspense fallback={<p className="muted value-loading">Loading the editor…</p>}>
          <LazyValueEditor
            label={`Value at revision ${entry.revision}`}
            format={format}
            value={show(entry, format)}
            {...(other && { original: show(other, format) })}
            isReadOnly
          />
        </Suspense>
      </div>
    </article>
  );
}

function show({ kv }: Entry, format: ValueFormat): string {
  return kv === undefined ? "" : (showValue(kv.value, format) ?? showValue(kv.value, "hex") ?? "");
}

function nameOf({ index, revision, kind }: Entry, latest: Entry | undefined): string {
  const remarks = [index === latest?.index ? ", the latest" : "", kind === "delete" ? ", deleted" : ""];
  return `revision ${revision}${remarks.join("")}`;
}
