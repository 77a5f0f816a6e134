import { createAuth } from "etcd-web/admin";
import { useEtcd } from "etcd-web/react";
import { useState } from "react";
import { type Failure, toFailure } from "../../text/failure.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { FailureNote } from "../../ui/notes.tsx";
import { accessCode } from "./access-code.ts";

/** A role that may do nothing yet. */
export function RoleDialog({ onClose, onChange }: { readonly onClose: () => void; readonly onChange: () => void }) {
  const { roles } = createAuth(useEtcd());
  const [name, setName] = useState("");
  const [failure, setFailure] = useState<Failure>();

  async function submit(): Promise<void> {
    try {
      await roles.add(name);
      onChange();
      onClose();
    } catch (error) {
      setFailure(toFailure(error));
    }
  }

  return (
    <Dialog
      title="New role"
      isOpen
      onClose={onClose}
      size="small"
      code={name === "" ? undefined : accessCode.addRole(name)}
      onSubmit={() => {
        if (name !== "") void submit();
      }}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isDisabled={name === ""}>
            Create
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        mono
        autoFocus
        hint="It may do nothing until you say what."
      />
      {failure && <FailureNote failure={failure} />}
    </Dialog>
  );
}
