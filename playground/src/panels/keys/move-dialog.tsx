import type { KeyValue } from "etcd-web";
import { useEtcd } from "etcd-web/react";
import { useState } from "react";
import { toFailure } from "../../text/failure.ts";
import { keyText } from "../../text/key-text.ts";
import { tryParse } from "../../text/typed-key.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { toast } from "../../ui/toast.tsx";
import { moveKey } from "./change-keys.ts";
import { keyCode } from "./key-code.ts";

interface MoveDialogProps {
  readonly kv: KeyValue;
  /** A copy: the key stays. */
  readonly keep: boolean;
  readonly onClose: () => void;
  readonly onMoved: (to: Uint8Array) => void;
}

/** Copies or renames: one transaction, so that nobody ever sees both or neither. */
export function MoveDialog({ kv, keep, onClose, onMoved }: MoveDialogProps) {
  const etcd = useEtcd();
  const [text, setText] = useState(() => keyText(kv.key));
  const [fault, setFault] = useState<string>();
  const [to, typing] = tryParse(text);

  async function move(): Promise<void> {
    if (to === undefined) return;
    try {
      if (await moveKey(etcd, kv, to, keep)) {
        toast({ tone: "good", text: `${keep ? "Copied" : "Renamed"} to ${text}` });
        onClose();
        onMoved(to);
      } else setFault("There is such a key already, or this one has just been changed. Nothing was done.");
    } catch (error) {
      setFault(toFailure(error).sentence);
    }
  }

  return (
    <Dialog
      title={keep ? "Copy the key" : "Rename the key"}
      isOpen
      onClose={onClose}
      code={to === undefined ? undefined : keyCode.move(kv, to, keep)}
      onSubmit={() => void move()}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isDisabled={to === undefined || text === keyText(kv.key)}>
            {keep ? "Copy" : "Rename"}
          </Button>
        </>
      }
    >
      <TextField
        label="New key"
        mono
        value={text}
        autoFocus
        onChange={(next) => {
          setText(next);
          setFault(undefined);
        }}
        error={fault ?? typing}
        hint="Value and lease go with it, in one transaction. Version and revisions begin anew."
      />
    </Dialog>
  );
}
