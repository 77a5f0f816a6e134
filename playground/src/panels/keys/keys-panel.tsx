import { createView } from "etcd-web/live";
import { useEtcd, useView } from "etcd-web/react";
import { KeyRound } from "lucide-react";
import { useMemo } from "react";
import { countOf } from "../../text/format.ts";
import { EmptyState } from "../../ui/notes.tsx";
import { PanelPage } from "../../ui/panel-page.tsx";

/** All keys, live. */
export function Panel() {
  const etcd = useEtcd();
  const view = useMemo(() => createView(etcd, { all: true }), [etcd]);
  const { values, revision, source } = useView(view);
  return (
    <PanelPage
      title="Keys"
      layout="full"
      meta={
        source === "live" && (
          <>
            <span>{countOf(values.size, "key")}</span>
            <span>revision {revision.toString()}</span>
          </>
        )
      }
    >
      {source === "live" && values.size === 0 && (
        <EmptyState icon={KeyRound} title="No keys yet">
          Keys appear here as soon as anyone puts one.
        </EmptyState>
      )}
      <ul>
        {[...values.keys()].map((key) => (
          <li key={key} className="mono">
            {key}
          </li>
        ))}
      </ul>
    </PanelPage>
  );
}
