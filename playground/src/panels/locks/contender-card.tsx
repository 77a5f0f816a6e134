import { Hand, LogOut, RotateCw, Skull, X } from "lucide-react";
import { formatId } from "../../text/format.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Badge, type Tone } from "../../ui/notes.tsx";
import type { Arena } from "./arena.ts";
import type { ContenderState, Contest, Phase } from "./contender.ts";

const tones: Readonly<Record<Phase, Tone>> = {
  away: "plain",
  waiting: "note",
  holding: "good",
  killed: "wait",
  gone: "bad",
};

/** A client, and what it can be told to do. */
export function ContenderCard(props: {
  readonly contender: ContenderState;
  readonly contest: Contest;
  readonly arena: Arena;
  /** Seconds that its lease still has. */
  readonly left: number | undefined;
}) {
  const { contender, contest, arena, left } = props;
  const { name, phase, lease, fencing } = contender;
  return (
    <li className="contender" data-phase={phase} aria-label={name}>
      <header>
        <h3>{name}</h3>
        <Badge tone={tones[phase]}>{wordOf(phase, contest)}</Badge>
        <IconButton icon={X} label={`Remove ${name}`} onPress={() => arena.remove(name)} />
      </header>
      <dl className="facts">
        <dt>Lease</dt>
        <dd className="mono">{lease === undefined ? "none yet" : formatId(lease)}</dd>
        <dt>Runs out in</dt>
        <dd>
          {lease === undefined || left === undefined ? "—" : left < 0 ? "it is over" : `${left} s${renewed(phase)}`}
        </dd>
        <dt>Fencing</dt>
        <dd>{fencing === undefined ? "—" : fencing.toString()}</dd>
      </dl>
      <div className="contender-actions">
        {phase === "away" && (
          <Button icon={Hand} kind="primary" onPress={() => arena.join(name)}>
            {contest.kind === "lock" ? `${name}: lock` : `${name}: campaign`}
          </Button>
        )}
        {(phase === "waiting" || phase === "holding") && (
          <>
            <Button icon={LogOut} onPress={() => arena.leave(name)}>
              {phase === "waiting" ? `${name}: leave` : contest.kind === "lock" ? `${name}: unlock` : `${name}: resign`}
            </Button>
            <Button icon={Skull} kind="danger" onPress={() => arena.kill(name)}>
              Kill {name}
            </Button>
          </>
        )}
        {(phase === "killed" || phase === "gone") && (
          <Button icon={RotateCw} onPress={() => arena.restart(name)}>
            Restart {name}
          </Button>
        )}
      </div>
    </li>
  );
}

function wordOf(phase: Phase, { kind }: Contest): string {
  if (phase === "holding") return kind === "lock" ? "has the lock" : "leads";
  return { away: "away", waiting: "waits", killed: "killed", gone: "gone" }[phase];
}

function renewed(phase: Phase): string {
  return phase === "killed" ? ", not renewed" : ", renewed";
}
