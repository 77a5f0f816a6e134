import { useEtcd } from "etcd-web/react";
import { FileJson, Play, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { FileTrigger } from "react-aria-components/FileTrigger";
import { useReadOnly } from "../../connection/use-connection.ts";
import { type Failure, toFailure } from "../../text/failure.ts";
import { countOf, formatBytes, formatCount } from "../../text/format.ts";
import { keyText, parseKey } from "../../text/key-text.ts";
import { Button } from "../../ui/button.tsx";
import { confirm } from "../../ui/confirm.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { TextField } from "../../ui/field.tsx";
import { FailureNote, Note } from "../../ui/notes.tsx";
import { Section } from "../../ui/panel-page.tsx";
import { toast } from "../../ui/toast.tsx";
import { Switch } from "../../ui/toggles.tsx";
import { type ApplyProgress, applyPlanned, changesOf } from "./apply.ts";
import { ChangesTable } from "./changes-table.tsx";
import { movedTo, parseDocument } from "./document.ts";
import { type Change, planImport, readEntries } from "./plan.ts";
import { importCode } from "./transfer-code.ts";

/** Characters; a text box with more is slow. */
const mostShown = 200_000;

/** What would change, and then the change. */
export function ImportSection() {
  const etcd = useEtcd();
  const readOnly = useReadOnly();
  const [text, setText] = useState("");
  const [prefix, setPrefix] = useState("");
  const [deleteOthers, setDeleteOthers] = useState(false);
  const [changes, setChanges] = useState<readonly Change[]>();
  const [progress, setProgress] = useState<ApplyProgress>();
  const [failure, setFailure] = useState<Failure>();
  const leaving = useRef<AbortController>(undefined);
  useEffect(() => () => leaving.current?.abort(), []);

  /** What has been applied so far stays: only another preview tells what is left. */
  function drop(): void {
    leaving.current?.abort();
    setChanges(undefined);
  }

  function take(next: string): void {
    setText(next);
    drop();
    setFailure(undefined);
    if (next.trim() === "") return;
    try {
      setPrefix(keyText(parseDocument(next).prefix));
    } catch (error) {
      setFailure(toFailure(error));
    }
  }

  async function takeFile(files: FileList | null): Promise<void> {
    const file = files?.item(0);
    if (file) take(await file.text());
  }

  async function attempt(task: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const ending = new AbortController();
    const { signal } = ending;
    leaving.current?.abort();
    leaving.current = ending;
    setFailure(undefined);
    try {
      await task(signal);
    } catch (error) {
      if (!signal.aborted) setFailure(toFailure(error));
    }
    if (leaving.current === ending) setProgress(undefined);
  }

  async function preview(signal: AbortSignal): Promise<void> {
    const document = movedTo(parseKey(prefix), parseDocument(text));
    const present = await readEntries(etcd, document.prefix, { signal });
    signal.throwIfAborted(); // Text, prefix or switch are others by now.
    setChanges(planImport(present, document, deleteOthers));
  }

  async function apply(planned: readonly Change[]): Promise<void> {
    if (!(await askBefore(planned, prefix))) return;
    await attempt(async (signal) => {
      await applyPlanned(etcd, planned, { signal, onProgress: setProgress });
      toast({ tone: "good", text: `Imported: ${countOf(changesOf(planned).length, "change")}.` });
      await preview(signal);
    });
  }

  const count = changes === undefined ? 0 : changesOf(changes).length;
  return (
    <Section title="Import">
      <div className="transfer-line">
        <FileTrigger acceptedFileTypes={["application/json", ".json"]} onSelect={(files) => void takeFile(files)}>
          <Button icon={FileJson}>Choose a file…</Button>
        </FileTrigger>
        <span className="muted">or paste what was exported:</span>
      </div>
      <TextField
        label="Exported JSON"
        hideLabel
        value={text.length > mostShown ? "" : text}
        onChange={take}
        hint={text.length > mostShown ? `${formatBytes(text.length)}: too much to show` : undefined}
        rows={6}
        mono
        placeholder='{ "format": "etcd-web/keys/1", … }'
      />
      <div className="transfer-line">
        <TextField
          label="Into"
          value={prefix}
          onChange={(next) => {
            setPrefix(next);
            drop();
          }}
          hint="In place of the prefix they were exported from."
          className="transfer-prefix"
          mono
        />
        <Switch
          isSelected={deleteOthers}
          onChange={(next) => {
            setDeleteOthers(next);
            drop();
          }}
        >
          Delete keys that are not in the file
        </Switch>
        <Button onPress={() => void attempt(preview)} isDisabled={text.trim() === "" || progress !== undefined}>
          Preview
        </Button>
      </div>
      {failure && <FailureNote failure={failure} />}
      {changes && (
        <>
          <ChangesTable changes={changes} />
          {progress && <Running progress={progress} onStop={drop} />}
          <div className="transfer-line">
            <Button
              kind="primary"
              icon={Play}
              onPress={() => void apply(changes)}
              isDisabled={readOnly || count === 0}
              isPending={progress !== undefined}
            >
              {count === 0 ? "Nothing to change" : `Apply ${countOf(count, "change")}…`}
            </Button>
            {count > 0 && <CopyButton text={() => importCode(changes)} label="Copy the import as code" />}
            {readOnly && <Note>This connection is read-only.</Note>}
          </div>
        </>
      )}
    </Section>
  );
}

function Running({ progress, onStop }: { readonly progress: ApplyProgress; readonly onStop: () => void }) {
  return (
    <div className="transfer-line">
      <progress aria-label="Import" value={progress.applied} max={progress.total} />
      <span>
        {formatCount(progress.applied)} of {formatCount(progress.total)}
      </span>
      <Button icon={X} onPress={onStop}>
        Stop
      </Button>
    </div>
  );
}

/** What overwrites or deletes wants the prefix typed. */
function askBefore(changes: readonly Change[], prefix: string): Promise<boolean> {
  const of = (wanted: Change["kind"]): number => changes.filter(({ kind }) => kind === wanted).length;
  const losing = of("changed") + of("deleted") > 0;
  return confirm({
    title: `Apply ${countOf(changesOf(changes).length, "change")}?`,
    body: `${formatCount(of("created"))} created, ${formatCount(of("changed"))} changed, ${formatCount(of("deleted"))} deleted. Each transaction is made only where its keys are still as in the preview.`,
    action: "Apply",
    danger: losing,
    ...(losing && { phrase: prefix === "" ? "all keys" : prefix }),
  });
}
