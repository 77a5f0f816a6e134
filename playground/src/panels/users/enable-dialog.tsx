import { createAuth } from "etcd-web/admin";
import { useEtcd } from "etcd-web/react";
import { Check, Circle } from "lucide-react";
import { useState } from "react";
import { connect } from "../../connection/store.ts";
import { useConnection } from "../../connection/use-connection.ts";
import { type Failure, toFailure } from "../../text/failure.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { FailureNote } from "../../ui/notes.tsx";
import { toast } from "../../ui/toast.tsx";
import { accessCode } from "./access-code.ts";
import { root } from "./read-access.ts";
import type { AccessProps } from "./users-panel.tsx";

/** What etcd wants first: a user root that has the role root; and its password, or this page would be locked out. */
export function EnableDialog({ report, onClose, onChange }: AccessProps & { readonly onClose: () => void }) {
  const etcd = useEtcd();
  const { target } = useConnection();
  const [password, setPassword] = useState("");
  const [repeated, setRepeated] = useState("");
  const [failure, setFailure] = useState<Failure>();
  const [isPending, setPending] = useState(false);
  const user = report.users.find(({ name }) => name === root);
  const hasRole = report.roles.some(({ name }) => name === root);
  const isGranted = user?.roles.includes(root) ?? false;
  const differ = user === undefined && repeated !== "" && repeated !== password;
  const ready = password !== "" && (user !== undefined || repeated === password);

  async function enable(): Promise<void> {
    const auth = createAuth(etcd);
    setPending(true);
    setFailure(undefined);
    try {
      if (user === undefined) await auth.users.add(root, { password });
      if (!hasRole) await auth.roles.add(root);
      if (!isGranted) await auth.users.grantRole(root, root);
      await auth.enable();
      onClose();
      connect({ ...target, user: root }, password);
      toast({ tone: "good", text: "Authentication is on. This page has signed in as root." });
    } catch (error) {
      setFailure(toFailure(error));
      onChange(); // Some of it may be done.
    } finally {
      setPending(false);
    }
  }

  return (
    <Dialog
      title="Turn authentication on"
      isOpen
      onClose={onClose}
      code={accessCode.enable({ user: user === undefined, role: !hasRole, grant: !isGranted })}
      onSubmit={() => {
        if (ready) void enable();
      }}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isDisabled={!ready} isPending={isPending}>
            Turn it on
          </Button>
        </>
      }
    >
      <p>From then on every call needs a user. Clients that have none, other windows of this page too, are refused.</p>
      <ul className="access-needs" aria-label="What it needs">
        <Need isThere={user !== undefined}>a user root</Need>
        <Need isThere={hasRole}>a role root</Need>
        <Need isThere={isGranted}>the user root has the role root</Need>
      </ul>
      <input type="text" autoComplete="username" value={root} readOnly hidden />
      <TextField
        label={user === undefined ? "Password for root" : "Password of root"}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        hint={
          user === undefined
            ? "Without it nobody can turn authentication off again."
            : "To sign in with right afterwards."
        }
        autoFocus
      />
      {user === undefined && (
        <TextField
          label="The same again"
          type="password"
          value={repeated}
          onChange={setRepeated}
          autoComplete="new-password"
          error={differ ? "The two are not the same." : undefined}
        />
      )}
      {failure && <FailureNote failure={failure} />}
    </Dialog>
  );
}

function Need({ isThere, children }: { readonly isThere: boolean; readonly children: string }) {
  const Icon = isThere ? Check : Circle;
  return (
    <li data-there={isThere}>
      <Icon aria-hidden="true" />
      {children}
      <span className="muted">{isThere ? "is there" : "will be made"}</span>
    </li>
  );
}
