import type { Finding } from "etcd-web/doctor";
import { CircleAlert, CircleCheck, Info, OctagonX, Stethoscope } from "lucide-react";
import { useState } from "react";
import { formatPlace } from "../../connection/target.ts";
import { useConnection } from "../../connection/use-connection.ts";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Badge, EmptyState, FailureNote, type Tone } from "../../ui/notes.tsx";
import { PanelPage } from "../../ui/panel-page.tsx";
import { Select } from "../../ui/select.tsx";
import { Switch } from "../../ui/toggles.tsx";
import { useDiagnosis } from "./use-diagnosis.ts";
import "./doctor.css";

/** Above the fifteen seconds after which Envoy cuts a stream by default. */
const quietSeconds = 20;

/** Looks at the way from this page to etcd, and says which line of which configuration mends what is wrong. */
export function Panel() {
  const connection = useConnection();
  const { place } = connection.target;
  const urls = place.kind === "memory" ? [formatPlace(place)] : place.urls;
  const [url = "", setUrl] = useState(urls[0]);
  const [isLong, setLong] = useState(place.kind === "endpoints");
  const [{ findings, skipped, progress, isRunning, failure }, run, stop] = useDiagnosis(connection);
  const hasRun = isRunning || findings.length > 0 || failure !== undefined;
  return (
    <PanelPage
      title="Doctor"
      meta={<span className="mono">{url}</span>}
      tools={
        <>
          {urls.length > 1 && (
            <Select
              label="Endpoint"
              hideLabel
              value={url}
              onChange={setUrl}
              choices={urls.map((each) => ({ id: each, label: each }))}
            />
          )}
          {isRunning ? (
            <Button onPress={stop}>Stop</Button>
          ) : (
            <Button kind="primary" icon={Stethoscope} onPress={() => run(url, isLong ? quietSeconds : 0)}>
              Examine
            </Button>
          )}
        </>
      }
    >
      <Switch isSelected={isLong} onChange={setLong} isDisabled={isRunning}>
        Hold a quiet stream for {quietSeconds} seconds, to see whether a proxy cuts it
      </Switch>
      {!hasRun && (
        <EmptyState icon={Stethoscope} title="Is the way to etcd as pages need it?">
          The doctor calls as a page does: streams, CORS, errors, time-outs, versions. It reads, and writes nothing.
        </EmptyState>
      )}
      <ol className="findings" aria-label="Findings">
        {findings.map((finding, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows
          <FindingView key={index} finding={finding} />
        ))}
      </ol>
      <p role="status" className="muted">
        {progress && `Looking at: ${progress.title}`}
        {progress?.ofSeconds !== undefined && `, ${progress.seconds ?? 0} of ${progress.ofSeconds} s`}
        {!isRunning && skipped.length > 0 && `Not looked at, for what was found before: ${skipped.join(", ")}.`}
      </p>
      {failure && <FailureNote failure={failure} />}
    </PanelPage>
  );
}

const looks = {
  ok: { icon: CircleCheck, tone: "good", word: "as it should be" },
  note: { icon: Info, tone: "note", word: "worth knowing" },
  warning: { icon: CircleAlert, tone: "wait", word: "warning" },
  fault: { icon: OctagonX, tone: "bad", word: "fault" },
} as const satisfies Record<Finding["level"], { icon: unknown; tone: Tone; word: string }>;

function FindingView({ finding: { level, check, seen, means, fixes } }: { readonly finding: Finding }) {
  const { icon: Icon, tone, word } = looks[level];
  return (
    <li className="finding" data-tone={tone} data-level={level}>
      <Icon className="finding-icon" aria-hidden="true" />
      <div>
        <p>
          <strong>{seen}.</strong> <Badge>{check}</Badge> {level !== "ok" && <Badge tone={tone}>{word}</Badge>}
        </p>
        {means && <p className="muted">{means}.</p>}
        {fixes.map(({ of, where, lines }) => (
          <div key={`${of} ${where}`} className="fix">
            <p>
              {of}, {where}:
            </p>
            <CodeBlock code={lines.join("\n")} label={`What mends it in ${of}`} />
          </div>
        ))}
      </div>
    </li>
  );
}
