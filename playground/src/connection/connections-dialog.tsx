import { Database, Globe, RotateCcw, Trash2 } from "lucide-react";
import { useEffect, useState } from "react";
import { toFailure } from "../text/failure.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { Badge } from "../ui/notes.tsx";
import { Segmented, Switch } from "../ui/toggles.tsx";
import { resetMemory } from "./memory/open-memory.ts";
import { savedNames } from "./memory/state-store.ts";
import { askAndReset } from "./memory-actions.tsx";
import { forgetTarget, savedTargets } from "./saved.ts";
import { connect, currentConnection } from "./store.ts";
import { formatPlace, parsePlace, placeTitle, sameTarget, type Target } from "./target.ts";
import "./connections.css";

/** Those there are, and a new one. */
export function ConnectionsDialog({ onClose }: { readonly onClose: () => void }) {
  const { target: current } = currentConnection();
  const [kind, setKind] = useState(current?.place.kind ?? "memory");
  const [name, setName] = useState("");
  const [urls, setUrls] = useState(location.origin);
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [readOnly, setReadOnly] = useState(false);
  const [fault, setFault] = useState<string>();

  function submit(): void {
    try {
      const place = parsePlace(kind === "memory" ? `memory:${name.trim()}` : urls);
      connect({ place, user: user || undefined, readOnly }, password || undefined);
      onClose();
    } catch (error) {
      setFault(toFailure(error).sentence);
    }
  }

  return (
    <Dialog
      title="Connections"
      isOpen
      onClose={onClose}
      onSubmit={submit}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isDisabled={kind === "memory" && name.trim() === ""}>
            Connect
          </Button>
        </>
      }
    >
      <Known current={current} onClose={onClose} />
      <section className="new-connection" aria-label="Another connection">
        <h3>Another one</h3>
        <Segmented
          label="Where etcd runs"
          value={kind}
          onChange={setKind}
          choices={[
            { id: "memory", label: "In this page" },
            { id: "endpoints", label: "At a URL" },
          ]}
        />
        {kind === "memory" ? (
          <TextField
            label="Name"
            value={name}
            onChange={setName}
            placeholder="scratch"
            hint="A new etcd, kept in this browser. All windows of this page share it by its name."
          />
        ) : (
          <TextField
            label="Endpoint"
            value={urls}
            onChange={setUrls}
            error={fault}
            mono
            hint="A gRPC-Web proxy before etcd, such as Envoy; several with commas between."
          />
        )}
        <div className="account">
          <TextField label="User" value={user} onChange={setUser} hint="Only where etcd asks for one." />
          <TextField
            label="Password"
            type="password"
            value={password}
            onChange={setPassword}
            hint="Never stored, never in a link."
          />
        </div>
        <Switch isSelected={readOnly} onChange={setReadOnly}>
          Read-only: nothing can be changed from here
        </Switch>
      </section>
    </Dialog>
  );
}

/** The ones of before: a click goes there. */
function Known({ current, onClose }: { readonly current: Target | undefined; readonly onClose: () => void }) {
  const [names, setNames] = useState<readonly string[]>([]);
  const [urls, setUrls] = useState(savedTargets);
  useEffect(() => {
    savedNames().then(setNames, () => setNames([])); // A browser that keeps nothing has none.
  }, []);

  const memories = names.map((name): Target => ({ place: { kind: "memory", name }, user: undefined, readOnly: false }));
  const targets = [...memories, ...urls];
  if (targets.length === 0) return null;
  return (
    <ul className="known" aria-label="Connections of before">
      {targets.map((target) => (
        <li key={`${formatPlace(target.place)} ${target.user} ${target.readOnly}`} className="known-row">
          <Button
            kind="quiet"
            className="known-connect"
            icon={target.place.kind === "memory" ? Database : Globe}
            onPress={() => {
              connect(target);
              onClose();
            }}
          >
            <span className="known-title">{placeTitle(target.place)}</span>
            {target.user !== undefined && <span className="muted">as {target.user}</span>}
            {target.readOnly && <Badge tone="wait">Read-only</Badge>}
            {current && sameTarget(current, target) && <Badge tone="good">current</Badge>}
          </Button>
          <Forget target={target} onForgotten={() => setUrls(savedTargets())} />
        </li>
      ))}
    </ul>
  );
}

function Forget({ target, onForgotten }: { readonly target: Target; readonly onForgotten: () => void }) {
  const { place } = target;
  if (place.kind === "memory") {
    const reset = (): void => void askAndReset(place.name, () => resetMemory(place.name));
    return <IconButton icon={RotateCcw} label={`Reset ${place.name}`} onPress={reset} />;
  }
  return (
    <IconButton
      icon={Trash2}
      label={`Forget ${placeTitle(place)}`}
      onPress={() => {
        forgetTarget(target);
        onForgotten();
      }}
    />
  );
}
