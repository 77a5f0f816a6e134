import { createMaintenance } from "etcd-web/admin";
import { useEtcd } from "etcd-web/react";
import { useState } from "react";
import { toFailure } from "../../text/failure.ts";
import { formatCount } from "../../text/format.ts";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Badge, Note } from "../../ui/notes.tsx";
import { Section } from "../../ui/panel-page.tsx";
import { Table } from "../../ui/table.tsx";
import { clusterCode } from "./cluster-code.ts";
import { type Comparison, compareHashes, type EndpointHash } from "./compare-hashes.ts";
import type { ClusterReport, Endpoint } from "./read-cluster.ts";

const verdicts = {
  equal: ["good", "All endpoints have the same keys and the same history."],
  different: ["bad", "They differ: a member may be corrupt. Compare once more before you believe it."],
  incomparable: ["wait", "They have compacted to different revisions. Compare again in a moment."],
  single: ["note", "There is one endpoint: nothing to compare it with. Connect with the URLs of several members."],
  incomplete: ["wait", "Not everybody has answered."],
} as const;

/** Whether all members have the same data. */
export function HashSection({ report }: { readonly report: ClusterReport }) {
  const maintenance = createMaintenance(useEtcd());
  const [comparison, setComparison] = useState<Comparison>();
  const [isPending, setPending] = useState(false);

  async function hashOf({ endpoint, title }: Endpoint, revision: bigint): Promise<EndpointHash> {
    try {
      return { title, hash: await maintenance.hashKv({ endpoint, revision }) };
    } catch (error) {
      return { title, failure: toFailure(error) };
    }
  }

  async function compare(): Promise<void> {
    setPending(true);
    const revisions = report.endpoints.flatMap(({ status }) => status.value?.header.revision ?? []);
    // What everybody has: the revision of whoever is furthest behind.
    const revision = revisions.reduce((a, b) => (a < b ? a : b), revisions[0] ?? 0n);
    setComparison(compareHashes(await Promise.all(report.endpoints.map((each) => hashOf(each, revision)))));
    setPending(false);
  }

  return (
    <Section title="Hashes">
      <p className="muted">Members that agree have the same hash of their keys and history up to the same revision.</p>
      {comparison && (
        <>
          <Table label="Hashes" head={["Endpoint", "Hash", "Since"]}>
            {comparison.hashes.map(({ title, hash, failure }) => (
              <tr key={title}>
                <th scope="row" className="mono cluster-name">
                  {title}
                </th>
                <td className="mono">
                  {hash ? hash.hash.toString(16).padStart(8, "0") : <Badge tone="bad">{failure?.code}</Badge>}
                </td>
                <td>{hash ? formatCompacted(hash.compactRevision) : failure?.sentence}</td>
              </tr>
            ))}
          </Table>
          <Note tone={verdicts[comparison.verdict][0]}>{verdicts[comparison.verdict][1]}</Note>
        </>
      )}
      <div className="cluster-buttons">
        <Button onPress={() => void compare()} isPending={isPending}>
          Compare hashes
        </Button>
        <CopyButton text={clusterCode(report.endpoints).hashes()} label="Copy comparing hashes as code" />
      </div>
    </Section>
  );
}

function formatCompacted(revision: bigint): string {
  return revision < 0n ? "all" : formatCount(revision);
}
