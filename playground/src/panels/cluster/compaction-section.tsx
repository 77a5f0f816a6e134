import { useEtcd } from "etcd-web/react";
import { useState } from "react";
import { useReadOnly } from "../../connection/use-connection.ts";
import { formatCount } from "../../text/format.ts";
import { Button } from "../../ui/button.tsx";
import { confirm } from "../../ui/confirm.tsx";
import { TextField } from "../../ui/field.tsx";
import { Section } from "../../ui/panel-page.tsx";
import { Checkbox } from "../../ui/toggles.tsx";
import { useTask } from "../../ui/use-task.ts";
import { clusterCode } from "./cluster-code.ts";
import type { ClusterReport } from "./read-cluster.ts";

/** Forgets history. */
export function CompactionSection({
  report,
  onChange,
}: {
  readonly report: ClusterReport;
  readonly onChange: () => void;
}) {
  const etcd = useEtcd();
  const readOnly = useReadOnly();
  const [typed, setTyped] = useState("");
  const [physical, setPhysical] = useState(false);
  const [isPending, run] = useTask();
  const latest = report.endpoints
    .map(({ status }) => status.value?.header.revision ?? 0n)
    .reduce((a, b) => (a > b ? a : b), 0n);
  const wrong = typed !== "" && !/^[1-9]\d{0,18}$/.test(typed);

  async function compact(): Promise<void> {
    const revision = typed === "" ? latest : BigInt(typed);
    const sure = await confirm({
      title: `Compact up to revision ${formatCount(revision)}?`,
      body: "The history before it is gone for good: no read, no watch and no comparison can go back there. The keys themselves stay.",
      action: "Compact",
      phrase: String(revision),
      code: clusterCode(report.endpoints).compact(revision, physical),
    });
    if (!sure) return;
    await run(async () => {
      await etcd.compact(revision, { physical, ...(physical && { timeoutMs: 10 * 60_000 }) });
      return `The history before revision ${formatCount(revision)} is gone.`;
    });
    onChange();
  }

  return (
    <Section title="Compaction">
      <p className="muted">
        etcd keeps every value that a key ever had. A compaction forgets those before a revision; defragmenting then
        gives the disk space back.
      </p>
      <TextField
        label="Up to revision"
        value={typed}
        onChange={setTyped}
        placeholder={`${latest}, the present one`}
        error={wrong ? "A revision is a whole number above 0." : undefined}
        isDisabled={readOnly}
        mono
      />
      <Checkbox isSelected={physical} onChange={setPhysical} isDisabled={readOnly}>
        Wait until the database has let go of it
      </Checkbox>
      <div className="cluster-buttons">
        <Button
          kind="danger"
          onPress={() => void compact()}
          isDisabled={readOnly || wrong || latest === 0n}
          isPending={isPending}
        >
          Compact…
        </Button>
      </div>
    </Section>
  );
}
