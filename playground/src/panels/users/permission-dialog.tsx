import { type Access, createAuth } from "etcd-web/admin";
import { useEtcd } from "etcd-web/react";
import { useState } from "react";
import { type Failure, toFailure } from "../../text/failure.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { FailureNote } from "../../ui/notes.tsx";
import { Select } from "../../ui/select.tsx";
import { Segmented } from "../../ui/toggles.tsx";
import { accessCode } from "./access-code.ts";
import { type RangeForm, rangeText, toRange } from "./range-text.ts";

interface PermissionDialogProps {
  readonly role: string;
  readonly onClose: () => void;
  readonly onChange: () => void;
}

const forms = [
  { id: "prefix", label: "Keys that begin with" },
  { id: "key", label: "One key" },
  { id: "range", label: "From a key up to another" },
  { id: "all", label: "All keys" },
] as const;

/** What else a role may do. */
export function PermissionDialog({ role, onClose, onChange }: PermissionDialogProps) {
  const { roles } = createAuth(useEtcd());
  const [access, setAccess] = useState<Access>("read");
  const [form, setForm] = useState<RangeForm>("prefix");
  const [first, setFirst] = useState("");
  const [end, setEnd] = useState("");
  const [failure, setFailure] = useState<Failure>();
  const ready = form === "all" || first !== "";

  async function submit(): Promise<void> {
    try {
      await roles.grantPermission(role, toRange(form, first, end), access);
      onChange();
      onClose();
    } catch (error) {
      setFailure(toFailure(error));
    }
  }

  return (
    <Dialog
      title={`What may ${role} do?`}
      isOpen
      onClose={onClose}
      code={ready ? accessCode.grantPermission(role, form, first, end, access) : undefined}
      onSubmit={() => {
        if (ready) void submit();
      }}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isDisabled={!ready}>
            Grant
          </Button>
        </>
      }
    >
      <Segmented
        label="Access"
        value={access}
        onChange={setAccess}
        choices={[
          { id: "read", label: "Read" },
          { id: "write", label: "Write" },
          { id: "readwrite", label: "Read and write" },
        ]}
      />
      <Select label="Which keys" choices={forms} value={form} onChange={setForm} />
      {form !== "all" && (
        <TextField
          label={form === "range" ? "From" : form === "key" ? "Key" : "Prefix"}
          value={first}
          onChange={setFirst}
          placeholder="config/"
          mono
          autoFocus
        />
      )}
      {form === "range" && (
        <TextField label="Up to, without it" value={end} onChange={setEnd} mono hint="Left empty: to the end." />
      )}
      {ready && failure === undefined && <Preview form={form} first={first} end={end} />}
      {failure && <FailureNote failure={failure} />}
    </Dialog>
  );
}

function Preview(props: { readonly form: RangeForm; readonly first: string; readonly end: string }) {
  try {
    return <p className="muted">That is {rangeText(toRange(props.form, props.first, props.end))}.</p>;
  } catch (error) {
    return <FailureNote failure={toFailure(error)} />;
  }
}
