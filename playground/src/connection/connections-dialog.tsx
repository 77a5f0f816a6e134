import { useState } from "react";
import { toFailure } from "../text/failure.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { Segmented, Switch } from "../ui/toggles.tsx";
import { connect, currentConnection } from "./store.ts";
import { parsePlace } from "./target.ts";

/** To another etcd. */
// biome-ignore lint/style/noDefaultExport: React.lazy wants one
export default function ConnectionsDialog({ onClose }: { readonly onClose: () => void }) {
  const { target } = currentConnection();
  const before = target?.place;
  const [kind, setKind] = useState(before?.kind ?? "memory");
  const [name, setName] = useState(before?.kind === "memory" ? before.name : "playground");
  const [urls, setUrls] = useState(before?.kind === "endpoints" ? before.urls.join(", ") : location.origin);
  const [user, setUser] = useState(target?.user ?? "");
  const [password, setPassword] = useState("");
  const [readOnly, setReadOnly] = useState(target?.readOnly ?? false);
  const [fault, setFault] = useState<string>();

  function submit(): void {
    try {
      const place = parsePlace(kind === "memory" ? `memory:${name}` : urls);
      connect({ place, user: user || undefined, readOnly }, password || undefined);
      onClose();
    } catch (error) {
      setFault(toFailure(error).sentence);
    }
  }

  return (
    <Dialog
      title="Connect to etcd"
      isOpen
      onClose={onClose}
      onSubmit={submit}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit">
            Connect
          </Button>
        </>
      }
    >
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
        <TextField label="Name" value={name} onChange={setName} />
      ) : (
        <TextField
          label="Endpoint"
          name="endpoint"
          value={urls}
          onChange={setUrls}
          error={fault}
          mono
          hint="A gRPC-Web proxy before etcd, such as Envoy; several with commas between."
        />
      )}
      <TextField label="User" name="user" value={user} onChange={setUser} hint="Only where etcd asks for one." />
      <TextField label="Password" type="password" value={password} onChange={setPassword} autoComplete="off" />
      <Switch isSelected={readOnly} onChange={setReadOnly}>
        Read-only
      </Switch>
    </Dialog>
  );
}
