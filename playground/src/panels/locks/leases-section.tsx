import { useEtcd } from "etcd-web/react";
import { Plus, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useReadOnly } from "../../connection/use-connection.ts";
import { formatId, formatSeconds } from "../../text/format.ts";
import { keyText } from "../../text/key-text.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { confirm } from "../../ui/confirm.tsx";
import { TextField } from "../../ui/field.tsx";
import { FailureNote } from "../../ui/notes.tsx";
import { Section } from "../../ui/panel-page.tsx";
import { Table } from "../../ui/table.tsx";
import { type Task, useTask } from "../../ui/use-task.ts";
import { leaseCode } from "./lease-code.ts";
import { type KnownLease, useLeases } from "./use-leases.ts";

/** All leases of the cluster. */
export function LeasesSection() {
  const etcd = useEtcd();
  const readOnly = useReadOnly();
  const { leases, failure, refresh } = useLeases();
  const [ttl, setTtl] = useState("60");
  const [, run] = useTask();
  const seconds = Number(ttl);
  const fault = Number.isInteger(seconds) && seconds > 0 ? undefined : "Whole seconds, 1 or more.";

  async function act(task: Task, code?: string): Promise<void> {
    await run(task, code);
    refresh();
  }

  async function grant(): Promise<string> {
    const { id } = await etcd.lease({ ttlSeconds: seconds, keepAlive: false });
    return `Lease ${formatId(id)} is granted`;
  }

  async function renew(id: bigint): Promise<string> {
    const left = await etcd.leases.attach(id, { keepAlive: false }).keepAliveOnce();
    return `Lease ${formatId(id)} has ${formatSeconds(left)} again`;
  }

  async function revoke({ id, keys }: KnownLease): Promise<void> {
    const sure = await confirm({
      title: `Revoke lease ${formatId(id)}?`,
      body: keys.length === 0 ? "No key hangs on it." : `Its keys are deleted: ${keys.map(keyText).join(", ")}.`,
      action: "Revoke the lease",
      code: leaseCode.revoke(id),
    });
    if (sure)
      await act(() =>
        etcd.leases
          .attach(id, { keepAlive: false })
          .revoke()
          .then(() => undefined),
      );
  }

  return (
    <Section
      title="Leases"
      tools={
        <form
          className="lease-grant"
          onSubmit={(event) => {
            event.preventDefault();
            if (fault === undefined) void act(grant, leaseCode.grant(seconds));
          }}
        >
          <TextField label="Seconds to live" hideLabel value={ttl} onChange={setTtl} isDisabled={readOnly} />
          <span className="muted">seconds</span>
          <Button icon={Plus} type="submit" isDisabled={readOnly || fault !== undefined}>
            Grant a lease
          </Button>
        </form>
      }
    >
      {failure && <FailureNote failure={failure} />}
      {leases?.length === 0 && <p className="muted">There is no lease.</p>}
      {leases !== undefined && leases.length > 0 && (
        <Table label="Leases" head={["Lease", "Runs out in", "Granted for", "Keys", ""]}>
          {leases.map((lease) => (
            <tr key={lease.id.toString()}>
              <td className="mono">{formatId(lease.id)}</td>
              <td>{formatSeconds(lease.left)}</td>
              <td>{formatSeconds(lease.granted)}</td>
              <td className="mono">{lease.keys.map(keyText).join(", ") || <span className="muted">none</span>}</td>
              <td className="lease-tools">
                <IconButton
                  icon={RefreshCw}
                  label={`Renew lease ${formatId(lease.id)}`}
                  isDisabled={readOnly}
                  onPress={() => void act(() => renew(lease.id), leaseCode.renew(lease.id))}
                />
                <IconButton
                  icon={Trash2}
                  label={`Revoke lease ${formatId(lease.id)}`}
                  isDisabled={readOnly}
                  onPress={() => void revoke(lease)}
                />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}
