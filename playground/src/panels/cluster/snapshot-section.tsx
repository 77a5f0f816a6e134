import { useEtcd } from "etcd-web/react";
import { Download, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useConnection } from "../../connection/use-connection.ts";
import { type Failure, toFailure } from "../../text/failure.ts";
import { formatBytes } from "../../text/format.ts";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { FailureNote, Note } from "../../ui/notes.tsx";
import { Section } from "../../ui/panel-page.tsx";
import { saveFile } from "../../ui/save-file.ts";
import { Select } from "../../ui/select.tsx";
import { clusterCode } from "./cluster-code.ts";
import { type ClusterReport, endpointsOf } from "./read-cluster.ts";
import { type Snapshot, takeSnapshot } from "./take-snapshot.ts";

type Phase =
  | { readonly phase: "idle" }
  | { readonly phase: "running"; readonly received: number; readonly total: number; readonly stop: () => void }
  | { readonly phase: "done"; readonly snapshot: Snapshot }
  | { readonly phase: "failed"; readonly failure: Failure };

/** The whole database as a file, checked. */
export function SnapshotSection({ report }: { readonly report: ClusterReport }) {
  const etcd = useEtcd();
  const { memory, target } = useConnection();
  const endpoints = endpointsOf(target.place);
  const [title, setTitle] = useState(endpoints[0]?.title ?? "");
  const [state, setState] = useState<Phase>({ phase: "idle" });
  const leave = useRef<() => void>(undefined);
  useEffect(() => () => leave.current?.(), []);

  const chosen = endpoints.find((each) => each.title === title);

  async function take(): Promise<void> {
    const stopping = new AbortController();
    const stop = (): void => stopping.abort();
    leave.current = stop;
    setState({ phase: "running", received: 0, total: 0, stop });
    const revision = report.endpoints.find((each) => each.title === title)?.status.value?.header.revision;
    try {
      const snapshot = await takeSnapshot(etcd, `etcd-revision-${revision ?? "unknown"}.db`, {
        endpoint: chosen?.endpoint,
        signal: stopping.signal,
        onProgress: ({ received, total }) => setState({ phase: "running", received, total, stop }),
      });
      saveFile(snapshot);
      setState({ phase: "done", snapshot });
    } catch (error) {
      setState(stopping.signal.aborted ? { phase: "idle" } : { phase: "failed", failure: toFailure(error) });
    }
  }

  return (
    <Section title="Snapshot">
      <p className="muted">
        {memory === undefined
          ? "The whole database of one member, as etcdutl snapshot restore takes it."
          : "All that the etcd in this page holds. Only the etcd in a page can read it again."}
      </p>
      {endpoints.length > 1 && (
        <Select
          label="Taken from"
          choices={endpoints.map((each) => ({ id: each.title, label: each.title }))}
          value={title}
          onChange={setTitle}
        />
      )}
      <Outcome state={state} />
      <div className="cluster-buttons">
        {state.phase === "running" ? (
          <Button icon={X} onPress={state.stop}>
            Stop
          </Button>
        ) : (
          <Button icon={Download} onPress={() => void take()}>
            Download a snapshot
          </Button>
        )}
        <CopyButton text={clusterCode(endpoints).snapshot(chosen?.endpoint)} label="Copy taking a snapshot as code" />
      </div>
    </Section>
  );
}

function Outcome({ state }: { readonly state: Phase }) {
  if (state.phase === "failed") return <FailureNote failure={state.failure} />;
  if (state.phase === "running") {
    return (
      <div className="cluster-progress">
        <progress aria-label="Snapshot" value={state.received} max={state.total || 1} />
        <span>
          {formatBytes(state.received)} of {formatBytes(state.total)}
        </span>
      </div>
    );
  }
  if (state.phase !== "done") return null;
  const { name, blob, sha256 } = state.snapshot;
  return (
    <Note tone="good">
      <p>
        {name}, {formatBytes(blob.size)}: whole. It ends with the SHA-256 of all before it, and that is right:
      </p>
      <p className="mono">{sha256}</p>
    </Note>
  );
}
