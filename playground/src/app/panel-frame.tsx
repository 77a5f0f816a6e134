import { EtcdProvider } from "etcd-web/react";
import { Component, type ReactNode, Suspense, useEffect } from "react";
import { ConnectionPrompt } from "../connection/connection-prompt.tsx";
import { MemoryActions } from "../connection/memory-actions.tsx";
import type { CurrentConnection } from "../connection/store.ts";
import { Opened } from "../connection/use-connection.ts";
import type { Panel } from "../panels/registry.ts";
import { toFailure } from "../text/failure.ts";
import { Button } from "../ui/button.tsx";
import { FailureNote } from "../ui/notes.tsx";
import { PanelPage } from "../ui/panel-page.tsx";

/** The open panel with its etcd. Another etcd, another panel: everything begins anew. */
export function PanelFrame({ panel, connection }: { readonly panel: Panel; readonly connection: CurrentConnection }) {
  // While etcd is on its way, the panel's code is too. Whether it came is told when it is shown.
  useEffect(() => void panel.load().catch(() => {}), [panel]);
  if (panel.standsAlone) return <Content panel={panel} key={panel.name} />;
  if (connection.phase === "opening") return <Loading title={panel.title} />;
  if (connection.phase !== "open") return <ConnectionPrompt connection={connection} />;
  return (
    <EtcdProvider etcd={connection.etcd}>
      <Opened value={connection}>
        <MemoryActions connection={connection} />
        <Content panel={panel} key={`${panel.name} ${connection.id}`} />
      </Opened>
    </EtcdProvider>
  );
}

function Content({ panel }: { readonly panel: Panel }) {
  return (
    <Boundary title={panel.title}>
      <Suspense fallback={<Loading title={panel.title} />}>
        <panel.Component />
      </Suspense>
    </Boundary>
  );
}

/** The title is there at once, where it will stay. */
function Loading({ title }: { readonly title: string }) {
  return (
    <PanelPage title={title}>
      <p className="panel-loading muted" role="status">
        Loading…
      </p>
    </PanelPage>
  );
}

interface BoundaryProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** A panel that fails leaves the others alone. */
class Boundary extends Component<BoundaryProps, { readonly error?: unknown }> {
  override readonly state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (!("error" in this.state)) return this.props.children;
    return (
      <PanelPage title={this.props.title}>
        <FailureNote failure={toFailure(this.state.error)}>
          <Button onPress={() => location.reload()}>Load the page again</Button>
        </FailureNote>
      </PanelPage>
    );
  }
}
