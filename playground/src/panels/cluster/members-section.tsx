import { createCluster, createMaintenance, type Member } from "etcd-web/admin";
import { useEtcd } from "etcd-web/react";
import { ArrowUp, Crown, Ellipsis, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useReadOnly } from "../../connection/use-connection.ts";
import { formatId } from "../../text/format.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { confirm } from "../../ui/confirm.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Badge, FailureNote } from "../../ui/notes.tsx";
import { Section } from "../../ui/panel-page.tsx";
import { Table } from "../../ui/table.tsx";
import { useTask } from "../../ui/use-task.ts";
import { clusterCode } from "./cluster-code.ts";
import { MemberDialog } from "./member-dialog.tsx";
import { type ClusterReport, leaderOf, memberTitle } from "./read-cluster.ts";

const head = ["Member", "Id", "Vote", "For members", "For clients", ""];

/** Who belongs to the cluster. */
export function MembersSection({
  report,
  onChange,
}: {
  readonly report: ClusterReport;
  readonly onChange: () => void;
}) {
  const readOnly = useReadOnly();
  const [shown, setShown] = useState<Member | "new">();
  const { value: members = [], failure } = report.members;
  return (
    <Section
      title="Members"
      tools={
        <Button icon={Plus} onPress={() => setShown("new")} isDisabled={readOnly}>
          Add a member…
        </Button>
      }
    >
      {failure ? (
        <FailureNote failure={failure} />
      ) : (
        <Table label="Members" head={head}>
          {members.map((member) => (
            <MemberRow
              key={member.id}
              member={member}
              report={report}
              onChange={onChange}
              onEdit={() => setShown(member)}
            />
          ))}
        </Table>
      )}
      {shown !== undefined && (
        <MemberDialog
          member={shown === "new" ? undefined : shown}
          onClose={() => {
            setShown(undefined);
            onChange();
          }}
        />
      )}
    </Section>
  );
}

interface RowProps {
  readonly member: Member;
  readonly report: ClusterReport;
  readonly onChange: () => void;
  readonly onEdit: () => void;
}

function MemberRow({ member, report, onChange, onEdit }: RowProps) {
  const readOnly = useReadOnly();
  const actions = useMemberActions(member, report, onChange);
  const title = memberTitle(member);
  const leads = leaderOf(report) === member.id;
  const disabled = { isDisabled: readOnly };
  return (
    <tr>
      <th scope="row" className="cluster-name">
        {member.name || <span className="muted">has not started</span>} {leads && <Badge tone="good">Leader</Badge>}
      </th>
      <td className="mono">{formatId(member.id)}</td>
      <td>{member.isLearner ? <Badge tone="wait">Learner</Badge> : "votes"}</td>
      <td className="mono">{member.peerUrls.join(" ")}</td>
      <td className="mono">{member.clientUrls.join(" ")}</td>
      <td className="cluster-menu">
        <Menu
          label={`What can be done with ${title}`}
          trigger={<IconButton icon={Ellipsis} label={`Actions of ${title}`} />}
          actions={[
            ...(member.isLearner
              ? [{ id: "promote", label: "Give it a vote", icon: ArrowUp, run: actions.promote, ...disabled }]
              : []),
            ...(leads || member.isLearner
              ? []
              : [{ id: "lead", label: "Hand it the lead", icon: Crown, run: actions.lead, ...disabled }]),
            { id: "edit", label: "Change its URLs…", icon: Pencil, run: onEdit, ...disabled },
            { id: "remove", label: "Remove…", icon: Trash2, danger: true, run: actions.remove, ...disabled },
          ]}
        />
      </td>
    </tr>
  );
}

function useMemberActions(member: Member, report: ClusterReport, onChange: () => void) {
  const etcd = useEtcd();
  const cluster = createCluster(etcd);
  const [, run] = useTask();
  const title = memberTitle(member);
  const code = clusterCode(report.endpoints);

  async function promote(): Promise<void> {
    await run(async () => {
      await cluster.promoteMember(member);
      return `${title} has a vote now.`;
    }, code.promote(member));
    onChange();
  }

  async function lead(): Promise<void> {
    const sure = await confirm({
      title: `Hand the lead to ${title}?`,
      body: "Writes wait for a moment while the members agree.",
      action: "Hand it over",
      danger: false,
      code: code.lead(member, endpointOfLeader(report)),
    });
    if (!sure) return;
    await run(async () => {
      await createMaintenance(etcd).moveLeader(member, { endpoint: endpointOfLeader(report) });
      return `${title} leads now.`;
    });
    onChange();
  }

  async function remove(): Promise<void> {
    const sure = await confirm({
      title: `Remove ${title} from the cluster?`,
      body: "It stops, and cannot come back with the data it has: it would have to be added anew, and empty.",
      action: `Remove ${title}`,
      phrase: title,
      code: code.remove(member),
    });
    if (!sure) return;
    await run(async () => {
      await cluster.removeMember(member);
      return `${title} is no member any more.`;
    });
    onChange();
  }

  return { promote: () => void promote(), lead: () => void lead(), remove: () => void remove() };
}

/** Only the leader hands the lead on. */
function endpointOfLeader({ endpoints }: ClusterReport): string | undefined {
  return endpoints.find(({ status: { value } }) => value !== undefined && value.leader === value.header.memberId)
    ?.endpoint;
}
