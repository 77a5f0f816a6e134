import { useEtcd } from "etcd-web/react";
import { RefreshCw } from "lucide-react";
import { useCallback, useMemo } from "react";
import { useActions } from "../../app/actions.ts";
import { useConnection } from "../../connection/use-connection.ts";
import { countOf, formatCount, formatId } from "../../text/format.ts";
import { IconButton } from "../../ui/button.tsx";
import { Badge, FailureNote } from "../../ui/notes.tsx";
import { PanelPage } from "../../ui/panel-page.tsx";
import { useAnswer } from "../../ui/use-answer.ts";
import { AlarmsSection } from "./alarms-section.tsx";
import { CompactionSection } from "./compaction-section.tsx";
import { EndpointsSection } from "./endpoints-section.tsx";
import { HashSection } from "./hash-section.tsx";
import { MembersSection } from "./members-section.tsx";
import { type ClusterReport, readCluster } from "./read-cluster.ts";
import { SnapshotSection } from "./snapshot-section.tsx";
import "./cluster.css";

const everyMs = 5_000;

/** How the cluster is doing, and its upkeep. */
export function Panel() {
  const etcd = useEtcd();
  const { place } = useConnection().target;
  const ask = useCallback((signal: AbortSignal) => readCluster(etcd, place, signal), [etcd, place]);
  const { value: report, failure, isAsking, again } = useAnswer(ask, everyMs);
  const actions = useMemo(
    () => [
      { id: "cluster read", title: "Read the cluster's status again", group: "Cluster", icon: RefreshCw, run: again },
    ],
    [again],
  );
  useActions(actions);
  return (
    <PanelPage
      title="Cluster"
      meta={report && <Facts report={report} />}
      tools={<IconButton icon={RefreshCw} label="Read again" onPress={again} isPending={isAsking} />}
    >
      {failure && <FailureNote failure={failure} />}
      {report && (
        <>
          <AlarmsSection report={report} onChange={again} />
          <EndpointsSection report={report} onChange={again} />
          <MembersSection report={report} onChange={again} />
          <div className="cluster-upkeep">
            <CompactionSection report={report} onChange={again} />
            <SnapshotSection report={report} />
            <HashSection report={report} />
          </div>
        </>
      )}
    </PanelPage>
  );
}

function Facts({ report }: { readonly report: ClusterReport }) {
  const status = report.endpoints.find((each) => each.status.value !== undefined)?.status.value;
  return (
    <>
      {report.members.value && <span>{countOf(report.members.value.length, "member")}</span>}
      {report.alarms.value?.length === 0 && <Badge tone="good">No alarms</Badge>}
      {status === undefined ? (
        <Badge tone="bad">No endpoint answers</Badge>
      ) : (
        <>
          <span>revision {formatCount(status.header.revision)}</span>
          <span>
            cluster <span className="mono">{formatId(status.header.clusterId)}</span>
          </span>
        </>
      )}
    </>
  );
}
