import { createMaintenance, type MemberStatus } from "etcd-web/admin";
import { useEtcd } from "etcd-web/react";
import { HardDrive } from "lucide-react";
import { useReadOnly } from "../../connection/use-connection.ts";
import { formatBytes, formatCount } from "../../text/format.ts";
import { IconButton } from "../../ui/button.tsx";
import { confirm } from "../../ui/confirm.tsx";
import { Badge } from "../../ui/notes.tsx";
import { Section } from "../../ui/panel-page.tsx";
import { Table } from "../../ui/table.tsx";
import { useTask } from "../../ui/use-task.ts";
import { clusterCode } from "./cluster-code.ts";
import { DatabaseGauge } from "./database-gauge.tsx";
import { type ClusterReport, type EndpointReport, titleOfId } from "./read-cluster.ts";

/** Defragmenting takes some seconds a GiB. */
const defragmentMs = 10 * 60_000;
const head = ["Endpoint", "Member", "State", "Version", "Raft term", "Raft index", "Database", "Defragment"];

/** How the member behind each endpoint is doing, by its own word. */
export function EndpointsSection({
  report,
  onChange,
}: {
  readonly report: ClusterReport;
  readonly onChange: () => void;
}) {
  const maintenance = createMaintenance(useEtcd());
  const readOnly = useReadOnly();
  const [isPending, run] = useTask();

  async function defragment(report: EndpointReport, code: string): Promise<void> {
    const { endpoint, title, status } = report;
    const sure = await confirm({
      title: `Defragment ${title}?`,
      body: "The member answers nobody until it is done, which takes some seconds for each GiB. One member after the other.",
      action: "Defragment",
      code,
    });
    if (!sure) return;
    await run(async () => {
      const before = status.value?.dbSize ?? 0;
      await maintenance.defragment({ endpoint, timeoutMs: defragmentMs });
      const { dbSize } = await maintenance.status({ endpoint });
      return `Defragmented ${title}: ${formatBytes(before)} before, ${formatBytes(dbSize)} now.`;
    });
    onChange();
  }

  return (
    <Section title="Endpoints">
      <Table label="Status of each endpoint" head={head}>
        {report.endpoints.map((each) => (
          <tr key={each.title}>
            <th scope="row" className="mono cluster-name">
              {each.title}
            </th>
            {each.status.value === undefined ? (
              <td colSpan={head.length - 1}>
                <Badge tone="bad">{each.status.failure.code}</Badge> {each.status.failure.sentence}
              </td>
            ) : (
              <>
                <StatusCells report={report} status={each.status.value} />
                <td>
                  <IconButton
                    icon={HardDrive}
                    label={`Defragment ${each.title}`}
                    onPress={() => void defragment(each, clusterCode(report.endpoints).defragment(each))}
                    isDisabled={readOnly}
                    isPending={isPending}
                  />
                </td>
              </>
            )}
          </tr>
        ))}
      </Table>
    </Section>
  );
}

function StatusCells({ report, status }: { readonly report: ClusterReport; readonly status: MemberStatus }) {
  const { header, version, storageVersion, raftTerm, raftIndex, raftAppliedIndex, errors } = status;
  const behind = raftIndex - raftAppliedIndex;
  return (
    <>
      <td>{titleOfId(report, header.memberId)}</td>
      <td>
        <StateBadge status={status} />
        {errors.map((error) => (
          <p key={error} className="cluster-error">
            {error}
          </p>
        ))}
      </td>
      <td>
        {version}
        {storageVersion !== undefined && <p className="cluster-small">data {storageVersion}</p>}
      </td>
      <td>{formatCount(raftTerm)}</td>
      <td>
        {formatCount(raftIndex)}
        <p className="cluster-small">{behind === 0n ? "all applied" : `${formatCount(behind)} to apply`}</p>
      </td>
      <td>
        <DatabaseGauge status={status} />
      </td>
    </>
  );
}

function StateBadge({ status: { header, leader, isLearner } }: { readonly status: MemberStatus }) {
  if (leader === 0n) return <Badge tone="bad">No leader</Badge>;
  if (header.memberId === leader) return <Badge tone="good">Leader</Badge>;
  return isLearner ? <Badge tone="wait">Learner</Badge> : <Badge>Follower</Badge>;
}
