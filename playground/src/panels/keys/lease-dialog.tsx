import type { KeyValue } from "etcd-web";
import { useEtcd } from "etcd-web/react";
import { useEffect, useState } from "react";
import { toFailure } from "../../text/failure.ts";
import { formatId } from "../../text/format.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { FailureNote } from "../../ui/notes.tsx";
import { Select } from "../../ui/select.tsx";
import { toast } from "../../ui/toast.tsx";
import { Segmented } from "../../ui/toggles.tsx";
import { setLease } from "./change-keys.ts";
import { keyCode } from "./key-code.ts";

type Choice = "none" | "new" | "existing";

/** How long a key lives: for ever, for a time of its own, or as long as a lease that there is. */
export function LeaseDialog({ kv, onClose }: { readonly kv: KeyValue; readonly onClose: () => void }) {
  const etcd = useEtcd();
  const [choice, setChoice] = useState<Choice>(kv.lease === 0n ? "new" : "none");
  const [ttl, setTtl] = useState("60");
  const [leases, setLeases] = useState<readonly bigint[]>([]);
  const [existing, setExisting] = useState("");
  const [error, setError] = useState<unknown>();
  const ttlSeconds = Number(ttl);

  useEffect(() => {
    const leaving = new AbortController();
    etcd.leases.list({ signal: leaving.signal }).then(
      (found) => {
        setLeases(found);
        setExisting(found[0]?.toString() ?? "");
      },
      (reason: unknown) => {
        if (!leaving.signal.aborted) setError(reason);
      },
    );
    return () => leaving.abort();
  }, [etcd]);

  async function chosenLease(): Promise<bigint> {
    if (choice === "none") return 0n;
    if (choice === "existing") return BigInt(existing);
    return (await etcd.lease({ ttlSeconds, keepAlive: false })).id;
  }

  async function apply(): Promise<void> {
    try {
      const done = await setLease(etcd, kv, await chosenLease());
      if (done) toast({ tone: "good", text: choice === "none" ? "It stays for ever now" : "It has a lease now" });
      else toast({ tone: "bad", text: "Somebody else has changed the key meanwhile: nothing was done." });
      onClose();
    } catch (reason) {
      setError(reason);
    }
  }

  const isReady = choice === "none" || (choice === "new" ? ttlSeconds > 0 : existing !== "");
  const lease = { none: undefined, new: { ttlSeconds }, existing: BigInt(existing) }[choice];
  return (
    <Dialog
      title="Time to live"
      isOpen
      code={isReady ? keyCode.live(kv, lease) : undefined}
      onClose={onClose}
      onSubmit={() => void apply()}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isDisabled={!isReady}>
            Apply
          </Button>
        </>
      }
    >
      <Segmented<Choice>
        label="How long it lives"
        value={choice}
        onChange={setChoice}
        choices={[
          { id: "none", label: "For ever" },
          { id: "new", label: "A lease of its own" },
          { id: "existing", label: "A lease that is there" },
        ]}
      />
      {choice === "new" && <TextField label="Seconds" value={ttl} onChange={setTtl} />}
      {choice === "existing" && leases.length > 0 && (
        <Select
          label="Lease"
          value={existing}
          onChange={setExisting}
          choices={leases.map((id) => ({ id: id.toString(), label: formatId(id) }))}
        />
      )}
      {choice === "existing" && leases.length === 0 && <p className="muted">There is no lease.</p>}
      {error !== undefined && <FailureNote failure={toFailure(error)} />}
    </Dialog>
  );
}
