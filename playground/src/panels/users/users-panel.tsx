import { useEtcd } from "etcd-web/react";
import { RefreshCw } from "lucide-react";
import { useCallback } from "react";
import { useConnection } from "../../connection/use-connection.ts";
import { IconButton } from "../../ui/button.tsx";
import { Badge, FailureNote } from "../../ui/notes.tsx";
import { PanelPage } from "../../ui/panel-page.tsx";
import { useAnswer } from "../../ui/use-answer.ts";
import { AuthSection } from "./auth-section.tsx";
import { type AccessReport, readAccess } from "./read-access.ts";
import { RolesSection } from "./roles-section.tsx";
import { UsersSection } from "./users-section.tsx";
import "./users.css";

/** What the sections are given. */
export interface AccessProps {
  readonly report: AccessReport;
  readonly onChange: () => void;
}

/** Who may do what. */
export function Panel() {
  const etcd = useEtcd();
  const { user } = useConnection().target;
  const ask = useCallback((signal: AbortSignal) => readAccess(etcd, signal), [etcd]);
  const { value: report, failure, isAsking, again } = useAnswer(ask);
  return (
    <PanelPage
      title="Users"
      meta={
        <>
          {report && <StateBadge report={report} />}
          <span>{user === undefined ? "nobody is signed in" : `signed in as ${user}`}</span>
        </>
      }
      tools={<IconButton icon={RefreshCw} label="Read again" onPress={again} isPending={isAsking} />}
    >
      {failure && <FailureNote failure={failure} />}
      {failure?.code === "permission-denied" && (
        <p className="muted">Users and roles are for whoever has the role root.</p>
      )}
      {report && failure === undefined && (
        <>
          <AuthSection report={report} onChange={again} />
          <div className="access">
            <UsersSection report={report} onChange={again} />
            <RolesSection report={report} onChange={again} />
          </div>
        </>
      )}
    </PanelPage>
  );
}

function StateBadge({ report: { enabled } }: { readonly report: AccessReport }) {
  if (enabled === undefined) return <Badge>etcd does not tell whether it asks for users</Badge>;
  return enabled ? <Badge tone="good">Authentication on</Badge> : <Badge tone="wait">Authentication off</Badge>;
}
