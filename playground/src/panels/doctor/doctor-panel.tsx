import type { Level } from "etcd-web/doctor";
import { Play, Stethoscope, X } from "lucide-react";
import { useState } from "react";
import { useConnection } from "../../connection/use-connection.ts";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { EmptyState, FailureNote, Note } from "../../ui/notes.tsx";
import { PanelPage } from "../../ui/panel-page.tsx";
import { Select } from "../../ui/select.tsx";
import { Switch } from "../../ui/toggles.tsx";
import { FindingCard } from "./finding-card.tsx";
import { reportOf } from "./report.ts";
import { useDiagnosis } from "./use-diagnosis.ts";
import "./doctor.css";

/** As long as the library looks by default: longer than Envoy lets a quiet stream be. */
const quietSeconds = 20;

const verdicts = {
  ok: ["good", "All is as it should be."],
  note: ["good", "It works. There is something worth knowing."],
  warning: ["wait", "It works, and something will go wrong or is open that should not be."],
  fault: ["bad", "Pages cannot use this etcd as they should."],
} as const satisfies Readonly<Record<Level, readonly unknown[]>>;

/** What is wrong with the way to etcd, and which line mends it. */
export function Panel() {
  const { place } = useConnection().target;
  const urls = place.kind === "memory" ? ["in this page"] : place.urls;
  const [url, setUrl] = useState(urls[0] ?? "");
  const [quiet, setQuiet] = useState(place.kind === "endpoints");
  const { findings, progress, diagnosis, failure, run, stop } = useDiagnosis();
  const asked = findings.length > 0 || progress !== undefined || failure !== undefined;
  const start = (
    <Button kind="primary" icon={Play} onPress={() => void run(url, quiet ? quietSeconds : 0)}>
      {asked ? "Examine again" : "Examine"}
    </Button>
  );
  return (
    <PanelPage
      title="Doctor"
      tools={
        <>
          {diagnosis && <CopyButton text={reportOf(diagnosis)} label="Copy the report" />}
          {urls.length > 1 && (
            <Select
              label="Endpoint"
              hideLabel
              value={url}
              onChange={setUrl}
              choices={urls.map((id) => ({ id, label: id }))}
            />
          )}
          <Switch isSelected={quiet} onChange={setQuiet}>
            Hold a quiet stream for {quietSeconds} s
          </Switch>
          {progress ? (
            <Button icon={X} onPress={stop}>
              Stop
            </Button>
          ) : (
            asked && start
          )}
        </>
      }
    >
      {!asked && (
        <EmptyState icon={Stethoscope} title="Is the way to etcd as it should be?" actions={start}>
          The doctor uses the proxy as a page does: CORS, streams, errors, time-outs, sizes, the cluster's own health.
          It reads and watches one key, and writes nothing. For each thing that is wrong it has the line that mends it.
        </EmptyState>
      )}
      {failure && <FailureNote failure={failure} />}
      {diagnosis && <Note tone={verdicts[diagnosis.level][0]}>{verdicts[diagnosis.level][1]}</Note>}
      {progress && (
        <p className="doctor-progress" role="status">
          <progress aria-label="Examination" value={progress.seconds} max={progress.ofSeconds ?? 1} />
          Looking at: {progress.title}
          {progress.ofSeconds !== undefined && `, ${progress.seconds ?? 0} of ${progress.ofSeconds} s`}
        </p>
      )}
      {findings.length > 0 && (
        <ul className="findings" aria-label="Findings">
          {findings.map((finding, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows
            <FindingCard key={index} finding={finding} />
          ))}
        </ul>
      )}
      {diagnosis && diagnosis.skipped.length > 0 && (
        <p className="muted">Not looked at, for what was found before: {diagnosis.skipped.join(", ")}.</p>
      )}
    </PanelPage>
  );
}
