import { createAuth } from "etcd-web/admin";
import { useEtcd } from "etcd-web/react";
import { useState } from "react";
import { type Failure, toFailure } from "../../text/failure.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { FailureNote } from "../../ui/notes.tsx";
import { toast } from "../../ui/toast.tsx";
import { Checkbox } from "../../ui/toggles.tsx";
import { accessCode } from "./access-code.ts";

interface UserDialogProps {
  /** Whose password; undefined: somebody new. */
  readonly user: string | undefined;
  readonly roles: readonly string[];
  readonly onClose: () => void;
  readonly onChange: () => void;
}

/** A new user, or a new password. */
export function UserDialog({ user, roles, onClose, onChange }: UserDialogProps) {
  const { users } = createAuth(useEtcd());
  const [name, setName] = useState(user ?? "");
  const [password, setPassword] = useState("");
  const [granted, setGranted] = useState<readonly string[]>([]);
  const [failure, setFailure] = useState<Failure>();
  const [isPending, setPending] = useState(false);
  const ready = name !== "" && (user === undefined || password !== "");

  function code(): string {
    return user === undefined ? accessCode.addUser(name, password !== "", granted) : accessCode.changePassword(user);
  }

  async function submit(): Promise<void> {
    setPending(true);
    setFailure(undefined);
    try {
      if (user === undefined) await users.add(name, { password: password || undefined });
      else await users.changePassword(name, password);
      for (const role of granted) await users.grantRole(name, role);
      toast({
        tone: "good",
        text: user === undefined ? `The user ${name} is there.` : `${name} has another password.`,
      });
      onClose();
    } catch (error) {
      setFailure(toFailure(error));
    } finally {
      setPending(false);
      onChange();
    }
  }

  return (
    <Dialog
      title={user === undefined ? "New user" : `Password of ${user}`}
      isOpen
      onClose={onClose}
      code={ready ? code() : undefined}
      onSubmit={() => {
        if (ready) void submit();
      }}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isDisabled={!ready} isPending={isPending}>
            {user === undefined ? "Create" : "Change"}
          </Button>
        </>
      }
    >
      {user === undefined ? (
        <TextField label="Name" value={name} onChange={setName} autoComplete="username" mono autoFocus />
      ) : (
        <input type="text" autoComplete="username" value={user} readOnly hidden />
      )}
      <TextField
        label={user === undefined ? "Password" : "New password"}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        autoFocus={user !== undefined}
        hint={
          user === undefined
            ? "Left empty: known by a TLS certificate only."
            : "Whoever has signed in with the old one has to do it again."
        }
      />
      {user === undefined && roles.length > 0 && (
        <fieldset className="access-choices">
          <legend className="label">Roles</legend>
          {roles.map((role) => (
            <Checkbox
              key={role}
              isSelected={granted.includes(role)}
              onChange={(on) => setGranted(on ? [...granted, role] : granted.filter((each) => each !== role))}
            >
              {role}
            </Checkbox>
          ))}
        </fieldset>
      )}
      {failure && <FailureNote failure={failure} />}
    </Dialog>
  );
}
