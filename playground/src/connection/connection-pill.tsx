import { Cable, KeySquare, Lock, RefreshCw } from "lucide-react";
import { Button as AriaButton } from "react-aria-components/Button";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";
import { toSentence } from "../text/failure.ts";
import { Button } from "../ui/button.tsx";
import { Badge, FailureNote, Note } from "../ui/notes.tsx";
import { Switch } from "../ui/toggles.tsx";
import { openConnections } from "./connections-host.tsx";
import type { Health } from "./health.ts";
import type { PageEtcd } from "./memory/open-memory.ts";
import { type CurrentConnection, connect, type OpenConnection, reconnect, signInAgain } from "./store.ts";
import { formatPlace, placeTitle } from "./target.ts";
import { useHealth } from "./use-health.ts";
import { useSecondsUntil } from "./use-seconds-until.ts";
import "../ui/select.css";

/** Which etcd, and how it is doing: a click says more. */
export function ConnectionPill({ connection }: { readonly connection: CurrentConnection }) {
  if (connection.phase === "open") return <OpenPill connection={connection} />;
  const title = connection.target === undefined ? "No etcd" : placeTitle(connection.target.place);
  return (
    <Button className="pill" onPress={openConnections}>
      <span className="place">{title}</span>
    </Button>
  );
}

function OpenPill({ connection }: { readonly connection: OpenConnection }) {
  const health = useHealth(connection);
  const { target } = connection;
  return (
    <DialogTrigger>
      <AriaButton className="button pill" data-health={health.tone} data-word={health.word}>
        <span className="dot" aria-hidden="true" />
        <span className="place">{placeTitle(target.place)}</span>
        <span role="status" className="muted">
          {health.word}
        </span>
        <Countdown to={health.nextTry} />
        {target.readOnly && <Badge tone="wait">Read-only</Badge>}
        {connection.memory && <UnkeptBadge memory={connection.memory} />}
      </AriaButton>
      <Popover className="popover" placement="bottom start" offset={6}>
        <Dialog className="status-card" aria-label="Connection">
          {({ close }) => <StatusCard connection={connection} health={health} onLeave={close} />}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function StatusCard(props: {
  readonly connection: OpenConnection;
  readonly health: Health;
  readonly onLeave: () => void;
}) {
  const { connection, health, onLeave } = props;
  const { target, memory } = connection;
  const { place, user, readOnly } = target;
  return (
    <>
      <div data-health={health.tone}>
        <h2>
          <span className="dot" aria-hidden="true" /> {health.word}
        </h2>
        <p className="muted">{health.meaning}</p>
      </div>
      {health.reason && <FailureNote failure={health.reason} />}
      {memory && <UnkeptNote memory={memory} />}
      <dl className="facts">
        <dt>{place.kind === "memory" ? "In this page" : "Endpoint"}</dt>
        <dd className="mono">{formatPlace(place).replaceAll(",", ", ")}</dd>
        {user !== undefined && (
          <>
            <dt>User</dt>
            <dd className="mono">{user}</dd>
          </>
        )}
      </dl>
      <Switch isSelected={readOnly} onChange={(selected) => connect({ ...target, readOnly: selected })}>
        <Lock aria-hidden="true" size={14} /> Read-only: nothing can be changed from here
      </Switch>
      <div className="status-actions">
        <Button
          icon={Cable}
          onPress={() => {
            onLeave();
            openConnections();
          }}
        >
          Connections…
        </Button>
        <Button icon={RefreshCw} onPress={reconnect}>
          Connect again
        </Button>
        {user !== undefined && (
          <Button icon={KeySquare} onPress={signInAgain}>
            Sign in again
          </Button>
        )}
      </div>
    </>
  );
}

/** Stays as long as it is so. */
function UnkeptBadge({ memory }: { readonly memory: PageEtcd }) {
  if (memory.unkept.use() === undefined) return null;
  return (
    <span role="alert">
      <Badge tone="bad">Not kept</Badge>
    </span>
  );
}

function UnkeptNote({ memory }: { readonly memory: PageEtcd }) {
  const reason = memory.unkept.use();
  if (reason === undefined) return null;
  return (
    <Note tone="bad">
      Not kept: {toSentence(reason)} What was changed last is lost with the last window of this page. It is tried again.
    </Note>
  );
}

// Outside the live region: nobody wants each second read out.
function Countdown({ to }: { readonly to: Date | undefined }) {
  const seconds = useSecondsUntil(to);
  if (seconds === undefined) return null;
  return <span className="muted number">{seconds === 0 ? "now" : `in ${seconds} s`}</span>;
}
