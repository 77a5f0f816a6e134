import type { KeyValue } from "etcd-web";
import { type ReactNode, Suspense, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Badge, Note } from "../../ui/notes.tsx";
import { readValue } from "../../values/value-format.ts";
import { fateOf, type KeyState } from "./key-state.ts";
import { LazyValueEditor } from "./lazy-editor.tsx";
import { beginMerging, editResult, type Merging, mergeAgain, unsettledIn } from "./merging.ts";
import type { Draft } from "./use-draft.ts";

interface ConflictDialogProps {
  readonly draft: Draft;
  /** What is merged with: it stays, whatever happens to the key meanwhile. */
  readonly theirs: KeyValue;
  /** The key as it is known to be by now. */
  readonly now: KeyState;
  readonly isSaving: boolean;
  readonly onClose: () => void;
  readonly onTakeTheirs: () => void;
  /** Saves what has come of it: over `theirs`, or where there is no such key. */
  readonly onSave: (theirs: KeyValue | undefined, text: string, value: Uint8Array) => void;
}

/** Three ways: what it was, what they made of it, what you make of it; and both changes together, to be edited. */
export function ConflictDialog(props: ConflictDialogProps) {
  const { draft, now, isSaving, onClose, onTakeTheirs, onSave } = props;
  const { base, format } = draft;
  const [merging, setMerging] = useState(() => beginMerging(base, props.theirs, draft.text, format));
  const { theirs, before, after, mine, result } = merging;
  const encoded = readValue(result, format);
  const unsettled = unsettledIn(merging);
  const fate = fateOf(theirs, now);
  const looked = { format, original: before, isReadOnly: true, isInForm: true };
  // What is being saved takes the place of the draft: until it has, there is nothing to go on editing.
  const leave = (): void => {
    if (!isSaving) onClose();
  };
  return (
    <Dialog
      title="Somebody else was faster"
      isOpen
      size="large"
      isUnsaved={merging.isEdited || isSaving}
      onClose={leave}
      footer={
        <>
          <Button onPress={leave} isDisabled={isSaving}>
            Go on editing
          </Button>
          {fate !== "gone" && (
            <Button onPress={onTakeTheirs} isDisabled={isSaving}>
              Take theirs
            </Button>
          )}
          <Button
            kind="primary"
            isDisabled={encoded.fault !== undefined || unsettled > 0 || fate === "changed"}
            isPending={isSaving}
            onPress={() =>
              encoded.fault === undefined && onSave(fate === "gone" ? undefined : theirs, result, encoded.bytes)
            }
          >
            {fate === "gone" ? "Create it again" : "Save the result"}
          </Button>
        </>
      }
    >
      <FateNote theirs={theirs} now={now} onMerge={(newest) => setMerging(mergeAgain(merging, newest))} />
      <div className="conflict">
        <Side title="Theirs" badge={`revision ${theirs.modRevision}`}>
          <LazyValueEditor label="What they changed" value={after} {...looked} />
        </Side>
        <Side title="Yours" badge={`from revision ${base.modRevision}`}>
          <LazyValueEditor label="What you changed" value={mine} {...looked} />
        </Side>
        <section className="conflict-result" aria-label="Result">
          <h3>
            Result <MergeBadge merging={merging} unsettled={unsettled} />
          </h3>
          <Suspense>
            <LazyValueEditor
              label="Result"
              format={format}
              value={result}
              onChange={(text) => setMerging((last) => editResult(last, text))}
              isReadOnly={isSaving}
              isInForm
            />
          </Suspense>
        </section>
      </div>
      {encoded.fault !== undefined && unsettled === 0 && (
        <Note tone="bad">The result is not valid: {encoded.fault}</Note>
      )}
    </Dialog>
  );
}

/** What one of both has made of it, to look at. */
function Side({
  title,
  badge,
  children,
}: {
  readonly title: string;
  readonly badge: string;
  readonly children: ReactNode;
}) {
  return (
    <section aria-label={title}>
      <h3>
        {title} <Badge>{badge}</Badge>
      </h3>
      <Suspense>{children}</Suspense>
    </section>
  );
}

/** What has happened to the key since it was merged with. */
function FateNote(props: {
  readonly theirs: KeyValue;
  readonly now: KeyState;
  readonly onMerge: (newest: KeyValue) => void;
}) {
  const { theirs, now, onMerge } = props;
  const fate = fateOf(theirs, now);
  if (fate === "same") return null;
  const newest = now.kv;
  return (
    <div className="value-behind" role="alert">
      {newest === undefined ? (
        <p>This key has been deleted meanwhile.</p>
      ) : (
        <>
          <p>
            This key has been changed again at revision {newest.modRevision.toString()}: the result does not hold that
            yet.
          </p>
          <Button onPress={() => onMerge(newest)}>Merge again</Button>
        </>
      )}
    </div>
  );
}

function MergeBadge({ merging, unsettled }: { readonly merging: Merging; readonly unsettled: number }) {
  if (unsettled > 0) {
    return <Badge tone="bad">{unsettled === 1 ? "1 place" : `${unsettled} places`} to settle between the marks</Badge>;
  }
  return <Badge tone="good">{merging.conflicts === 0 ? "both changes fit together" : "settled"}</Badge>;
}
