import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { Checkbox, Segmented } from "../../ui/toggles.tsx";
import { anything, faultOf, type WatchSpec } from "./spec.ts";

const kinds = [
  { id: "all", label: "Every key" },
  { id: "prefix", label: "Prefix" },
  { id: "key", label: "One key" },
  { id: "range", label: "Range" },
] as const;

const onlies = [
  { id: "", label: "Puts and deletes" },
  { id: "put", label: "Puts only" },
  { id: "delete", label: "Deletes only" },
] as const;

/** What to watch, and from where. */
export function WatchForm(props: {
  readonly initial?: WatchSpec;
  readonly onClose: () => void;
  readonly onWatch: (spec: WatchSpec) => void;
}) {
  const [spec, setSpec] = useState<WatchSpec>(props.initial ?? { ...anything, kind: "prefix" });
  const [tried, setTried] = useState(false);
  const fault = faultOf(spec);
  const change = (next: Partial<WatchSpec>): void => setSpec({ ...spec, ...next });
  const inRevision = spec.from !== "" && fault?.startsWith("A revision");

  function submit(): void {
    setTried(true);
    if (fault !== undefined) return;
    props.onWatch(spec);
    props.onClose();
  }

  return (
    <Dialog
      title="Watch"
      isOpen
      onClose={props.onClose}
      onSubmit={submit}
      footer={
        <>
          <Button onPress={props.onClose}>Cancel</Button>
          <Button kind="primary" type="submit">
            Watch
          </Button>
        </>
      }
    >
      <Segmented label="What" value={spec.kind} onChange={(kind) => change({ kind })} choices={kinds} />
      {spec.kind !== "all" && (
        <TextField
          label={spec.kind === "range" ? "From key" : spec.kind === "key" ? "Key" : "Prefix"}
          value={spec.key}
          onChange={(key) => change({ key })}
          error={tried && !inRevision ? fault : undefined}
          placeholder={spec.kind === "key" ? "config/theme" : "config/"}
          autoFocus
          mono
        />
      )}
      {spec.kind === "range" && (
        <TextField
          label="To key"
          hint="Not in the range itself. Empty: to the last key there is."
          value={spec.to}
          onChange={(to) => change({ to })}
          mono
        />
      )}
      <TextField
        label="From revision"
        value={spec.from}
        onChange={(from) => change({ from: from.trim() })}
        error={inRevision ? fault : undefined}
        hint="Empty: from now on. A past revision brings what has happened since, too."
        mono
      />
      <Select label="Events" choices={onlies} value={spec.only} onChange={(only) => change({ only })} />
      <Checkbox isSelected={spec.prevKv} onChange={(prevKv) => change({ prevKv })}>
        With previous values
      </Checkbox>
    </Dialog>
  );
}
