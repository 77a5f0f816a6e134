import { isEtcdError } from "etcd-web";
import { useEtcd } from "etcd-web/react";
import { Suspense, useState } from "react";
import { toFailure } from "../../text/failure.ts";
import { tryParse } from "../../text/typed-key.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { toast } from "../../ui/toast.tsx";
import { Segmented } from "../../ui/toggles.tsx";
import { readValue, type ValueFormat, valueFormats } from "../../values/value-format.ts";
import { keyCode } from "./key-code.ts";
import { LazyValueEditor } from "./lazy-editor.tsx";

interface NewKeyDialogProps {
  /** Filled in: the folder that one is in. */
  readonly initialKey: string;
  readonly onClose: () => void;
  readonly onCreated: (key: Uint8Array) => void;
}

/** A key that is not there yet; if it is, nothing is overwritten. */
export function NewKeyDialog({ initialKey, onClose, onCreated }: NewKeyDialogProps) {
  const etcd = useEtcd();
  const [text, setText] = useState(initialKey);
  const [value, setValue] = useState("");
  const [format, setFormat] = useState<ValueFormat>("text");
  const [ttl, setTtl] = useState("");
  const [fault, setFault] = useState<string>();
  const [key, typing] = tryParse(text);
  const encoded = readValue(value, format);
  const ttlSeconds = ttl === "" ? undefined : Number(ttl);
  const ttlFault = ttlSeconds !== undefined && !(ttlSeconds > 0) ? "A number of seconds, please" : undefined;
  const isReady = key !== undefined && encoded.fault === undefined && ttlFault === undefined;

  async function create(): Promise<void> {
    if (key === undefined || encoded.fault !== undefined || !isReady) return;
    try {
      const lease = ttlSeconds === undefined ? undefined : await etcd.lease({ ttlSeconds, keepAlive: false });
      await etcd.create(key, encoded.bytes, lease && { lease });
      toast({ tone: "good", text: `Created ${text}` });
      onClose();
      onCreated(key);
    } catch (error) {
      setFault(isEtcdError(error, "already-exists") ? "There is such a key already." : toFailure(error).sentence);
    }
  }

  return (
    <Dialog
      title="New key"
      isOpen
      size="large"
      isUnsaved={text !== initialKey || value !== "" || ttl !== ""}
      onClose={onClose}
      code={isReady ? keyCode.create(key, encoded.bytes, ttlSeconds) : undefined}
      onSubmit={() => void create()}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isDisabled={!isReady}>
            Create
          </Button>
        </>
      }
    >
      <TextField
        label="Key"
        mono
        value={text}
        autoFocus
        onChange={(next) => {
          setText(next);
          setFault(undefined);
        }}
        error={fault ?? typing}
        placeholder="config/theme"
      />
      <div className="field">
        <div className="new-value-head">
          <span className="label" aria-hidden="true">
            Value
          </span>
          <Segmented label="Format" choices={valueFormats} value={format} onChange={setFormat} />
        </div>
        <div className="new-value">
          <Suspense>
            <LazyValueEditor label="Value" format={format} value={value} onChange={setValue} isInForm />
          </Suspense>
        </div>
        <p className="field-error" role="status">
          {encoded.fault}
        </p>
      </div>
      <TextField
        label="Time to live, in seconds"
        value={ttl}
        onChange={setTtl}
        error={ttlFault}
        hint="Empty: it stays. Else it gets a lease of its own that nobody keeps alive."
      />
    </Dialog>
  );
}
