import type { KeyValue } from "etcd-web";
import { Suspense, useMemo, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Badge, Note } from "../../ui/notes.tsx";
import { mergeTexts } from "../../values/three-way.ts";
import { layOut, readValue, showValue, type ValueFormat } from "../../values/value-format.ts";
import { LazyValueEditor } from "./lazy-editor.tsx";

interface ConflictDialogProps {
  readonly base: KeyValue;
  readonly theirs: KeyValue;
  /** What you have made of it. */
  readonly draft: string;
  readonly format: ValueFormat;
  readonly onClose: () => void;
  readonly onTakeTheirs: () => void;
  /** Saves what has come of it, over theirs. */
  readonly onSave: (text: string, value: Uint8Array) => void;
}

/** Three ways: what it was, what they made of it, what you make of it; and both changes together, to be edited. */
export function ConflictDialog({ base, theirs, draft, format, onClose, onTakeTheirs, onSave }: ConflictDialogProps) {
  const [before, after, mine] = useMemo(
    () => comparable([showIn(base, format), showIn(theirs, format), draft], format),
    [base, theirs, draft, format],
  );
  const merged = useMemo(() => mergeTexts(before, mine, after), [before, mine, after]);
  const [result, setResult] = useState(merged.text);
  const encoded = readValue(result, format);
  const unsettled = /^(<{7} yours|={7}|>{7} theirs)$/m.test(result);
  return (
    <Dialog
      title="Somebody else was faster"
      isOpen
      size="large"
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Go on editing</Button>
          <Button onPress={onTakeTheirs}>Take theirs</Button>
          <Button
            kind="primary"
            isDisabled={encoded.fault !== undefined || unsettled}
            onPress={() => encoded.fault === undefined && onSave(result, encoded.bytes)}
          >
            Save the result
          </Button>
        </>
      }
    >
      <div className="conflict">
        <section aria-label="Theirs">
          <h3>
            Theirs <Badge>revision {theirs.modRevision.toString()}</Badge>
          </h3>
          <Suspense>
            <LazyValueEditor label="What they changed" format={format} value={after} original={before} isReadOnly />
          </Suspense>
        </section>
        <section aria-label="Yours">
          <h3>
            Yours <Badge>from revision {base.modRevision.toString()}</Badge>
          </h3>
          <Suspense>
            <LazyValueEditor label="What you changed" format={format} value={mine} original={before} isReadOnly />
          </Suspense>
        </section>
        <section className="conflict-result" aria-label="Result">
          <h3>
            Result <MergeBadge conflicts={merged.conflicts} isSettled={!unsettled} />
          </h3>
          <Suspense>
            <LazyValueEditor label="Result" format={format} value={result} onChange={setResult} />
          </Suspense>
        </section>
      </div>
      {encoded.fault !== undefined && !unsettled && <Note tone="bad">The result is not valid: {encoded.fault}</Note>}
    </Dialog>
  );
}

function MergeBadge({ conflicts, isSettled }: { readonly conflicts: number; readonly isSettled: boolean }) {
  if (conflicts === 0) return <Badge tone="good">both changes fit together</Badge>;
  if (isSettled) return <Badge tone="good">settled</Badge>;
  return <Badge tone="bad">{conflicts === 1 ? "1 place" : `${conflicts} places`} to settle between the marks</Badge>;
}

function showIn({ value }: KeyValue, format: ValueFormat): string {
  return showValue(value, format) ?? showValue(value, "hex") ?? "";
}

/** JSON in one layout, so that a line is a change and not how it was written. */
function comparable(texts: readonly [string, string, string], format: ValueFormat): readonly [string, string, string] {
  if (format !== "json" || texts.some((text) => readValue(text, "json").fault !== undefined)) return texts;
  const [before, after, mine] = texts;
  return [layOut(before, format), layOut(after, format), layOut(mine, format)];
}
