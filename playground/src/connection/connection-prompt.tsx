import { Lock, Unplug } from "lucide-react";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { EmptyState } from "../ui/notes.tsx";
import { openConnections } from "./connections-host.tsx";
import { type CurrentConnection, connect } from "./store.ts";
import { placeTitle, type Target } from "./target.ts";

/** In place of a panel, while something is missing. */
export function ConnectionPrompt({
  connection,
}: {
  readonly connection: Exclude<CurrentConnection, { readonly phase: "open" }>;
}) {
  if (connection.phase === "failed") {
    return (
      <EmptyState
        icon={Unplug}
        title="There is no connection"
        actions={
          <Button kind="primary" onPress={openConnections}>
            Connections…
          </Button>
        }
      >
        {connection.failure.sentence}
      </EmptyState>
    );
  }
  return <PasswordPrompt target={connection.target} />;
}

/** Passwords are never stored: a page that was loaded again asks again. */
function PasswordPrompt({ target }: { readonly target: Target }) {
  const [password, setPassword] = useState("");
  return (
    <EmptyState icon={Lock} title={`Sign in as ${target.user} at ${placeTitle(target.place)}`}>
      <form
        className="sign-in"
        onSubmit={(event) => {
          event.preventDefault();
          connect(target, password);
        }}
      >
        <TextField label="Password" type="password" value={password} onChange={setPassword} autoFocus />
        <Button kind="primary" type="submit">
          Sign in
        </Button>
        <Button onPress={openConnections}>Connections…</Button>
      </form>
    </EmptyState>
  );
}
