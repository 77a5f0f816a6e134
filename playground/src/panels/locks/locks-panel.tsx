import { Code, UserPlus } from "lucide-react";
import { useState } from "react";
import { useReadOnly } from "../../connection/use-connection.ts";
import { Button } from "../../ui/button.tsx";
import { CodeDialog } from "../../ui/code-block.tsx";
import { TextField } from "../../ui/field.tsx";
import { Note } from "../../ui/notes.tsx";
import { PanelPage, Section } from "../../ui/panel-page.tsx";
import { Select } from "../../ui/select.tsx";
import { Segmented } from "../../ui/toggles.tsx";
import { mostContenders } from "./arena.ts";
import type { Contest } from "./contender.ts";
import { ContenderCard } from "./contender-card.tsx";
import { contestCode } from "./contest-code.ts";
import { useLeasesLeft } from "./lease-left.ts";
import { LeasesSection } from "./leases-section.tsx";
import { LineTable } from "./line-table.tsx";
import { TimeLine } from "./time-line.tsx";
import { useArena } from "./use-arena.ts";
import "./locks.css";

const ttls = ["3", "5", "10", "30"].map((id) => ({ id, label: `${id} s` }));

/** Clients that contend, what etcd sees of it, and all leases. */
export function Panel() {
  const { arena, contest, contenders, log, change } = useArena();
  const readOnly = useReadOnly();
  const [code, setCode] = useState(false);
  const left = useLeasesLeft(contenders.flatMap(({ lease }) => (lease === undefined ? [] : [lease])));
  const isBusy = contenders.some(({ phase }) => phase === "waiting" || phase === "holding");
  return (
    <PanelPage
      title="Leases and locks"
      tools={
        <>
          <Button kind="quiet" icon={Code} onPress={() => setCode(true)}>
            Copy as code…
          </Button>
          <Button
            icon={UserPlus}
            onPress={() => arena.add()}
            isDisabled={readOnly || contenders.length === mostContenders}
          >
            Add a client
          </Button>
        </>
      }
    >
      {readOnly && <Note tone="wait">This connection is read-only: clients cannot contend here.</Note>}
      <ContestForm contest={contest} onChange={change} isDisabled={isBusy || readOnly} />
      <ul className="contenders" aria-label="Clients">
        {contenders.map((contender) => (
          <ContenderCard
            key={contender.name}
            contender={contender}
            contest={contest}
            arena={arena}
            left={contender.lease === undefined ? undefined : left.get(contender.lease)}
          />
        ))}
      </ul>
      <Section title="The last minute">
        <TimeLine contenders={contenders} />
      </Section>
      <div className="locks-columns">
        <Section title="What etcd sees">
          <LineTable name={contest.name} contenders={contenders} left={left} />
        </Section>
        <Section title="Log">
          <ol className="arena-log" aria-live="polite">
            {log.toReversed().map(({ id, at, text }) => (
              <li key={id}>
                <time className="muted number">{at.toLocaleTimeString("en-GB")}</time> {text}
              </li>
            ))}
          </ol>
          {log.length === 0 && <p className="muted">Let two clients ask for the same, and kill the one that has it.</p>}
        </Section>
      </div>
      <LeasesSection />
      <CodeDialog code={contestCode(contest)} isOpen={code} onClose={() => setCode(false)} />
    </PanelPage>
  );
}

function ContestForm(props: {
  readonly contest: Contest;
  readonly onChange: (next: Partial<Contest>) => void;
  readonly isDisabled: boolean;
}) {
  const { contest, onChange, isDisabled } = props;
  const [name, setName] = useState(contest.name);
  return (
    <form
      className="contest"
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ name });
      }}
      onBlur={() => name !== contest.name && onChange({ name })}
    >
      <div className="field">
        <span className="label">They contend for</span>
        <Segmented
          label="What they contend for"
          value={contest.kind}
          onChange={(kind) => !isDisabled && onChange({ kind })}
          choices={[
            { id: "lock", label: "A lock" },
            { id: "election", label: "An office" },
          ]}
        />
      </div>
      <TextField label="Name" value={name} onChange={setName} isDisabled={isDisabled} mono />
      <Select
        label="Lease of each"
        choices={ttls}
        value={String(contest.ttlSeconds)}
        onChange={(ttl) => onChange({ ttlSeconds: Number(ttl) })}
        isDisabled={isDisabled}
      />
    </form>
  );
}
