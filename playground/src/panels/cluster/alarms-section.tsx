import { type Alarm, createMaintenance } from "etcd-web/admin";
import { useEtcd } from "etcd-web/react";
import { useReadOnly } from "../../connection/use-connection.ts";
import { countOf } from "../../text/format.ts";
import { Button } from "../../ui/button.tsx";
import { confirm } from "../../ui/confirm.tsx";
import { FailureNote, Note } from "../../ui/notes.tsx";
import { useTask } from "../../ui/use-task.ts";
import { clusterCode } from "./cluster-code.ts";
import { type ClusterReport, titleOfId } from "./read-cluster.ts";

const meanings = {
  "no-space": "Its database has reached the quota, and the cluster takes no writes. Compact, defragment, then disarm.",
  corrupt:
    "Members disagree on their data, and the cluster takes no writes. Compare the hashes, and replace the member.",
  unknown: "An alarm of a newer etcd than this page knows.",
} as const;

/** What has been raised: in front of everything, as it stops all writes. */
export function AlarmsSection({ report, onChange }: { readonly report: ClusterReport; readonly onChange: () => void }) {
  const maintenance = createMaintenance(useEtcd());
  const readOnly = useReadOnly();
  const [isPending, run] = useTask();
  const { value: alarms = [], failure } = report.alarms;

  async function disarm(alarm: Alarm): Promise<void> {
    const { memberId, type } = alarm;
    const sure = await confirm({
      title: `Disarm ${type} of ${titleOfId(report, memberId)}?`,
      body: "etcd raises it again where the reason for it is still there.",
      action: "Disarm",
      code: clusterCode(report.endpoints).disarm(alarm),
    });
    if (!sure || type === "unknown") return;
    await run(async () => `Disarmed: ${countOf((await maintenance.disarm({ memberId, type })).length, "alarm")}.`);
    onChange();
  }

  if (failure) return <FailureNote failure={failure}>The alarms could not be read.</FailureNote>;
  if (alarms.length === 0) return null;
  return (
    <section className="cluster-alarms" aria-label="Alarms">
      {alarms.map((alarm) => (
        <Note key={`${alarm.memberId} ${alarm.type}`} tone="bad">
          <p>
            <strong>
              {alarm.type}, raised by {titleOfId(report, alarm.memberId)}.
            </strong>{" "}
            {meanings[alarm.type]}
          </p>
          {alarm.type !== "unknown" && (
            <Button onPress={() => void disarm(alarm)} isDisabled={readOnly} isPending={isPending}>
              Disarm…
            </Button>
          )}
        </Note>
      ))}
    </section>
  );
}
