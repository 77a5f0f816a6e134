import type { Etcd } from "etcd-web";
import { useId, useState } from "react";
import type { Failure } from "../ui/failure.ts";
import { FailureNote } from "../ui/failure-note.tsx";
import { Logo } from "../ui/logo.tsx";
import { ConnectionStatus } from "./connection-status.tsx";
import { type Endpoint, findFault } from "./endpoint.ts";
import { useConnection } from "./use-connection.ts";

interface ConnectionBarProps {
  readonly etcd: Etcd;
  readonly endpoint: Endpoint;
  readonly onConnect: (endpoint: Endpoint) => void;
}

/** Which etcd this is, and how the connection to it is doing. */
export function ConnectionBar({ etcd, endpoint, onConnect }: ConnectionBarProps) {
  const [url, setUrl] = useState(endpoint.url);
  const [fault, setFault] = useState<Failure>();
  const state = useConnection(etcd);
  const field = useId();

  function connect(): void {
    const found = findFault(url.trim());
    setFault(found);
    if (found === undefined) onConnect({ url: url.trim() });
  }

  return (
    <header className="bar">
      <h1 className="brand">
        <Logo /> etcd-web <span>playground</span>
      </h1>
      <form
        className="endpoint"
        onSubmit={(event) => {
          event.preventDefault();
          connect();
        }}
      >
        <label htmlFor={field}>Endpoint</label>
        <input
          id={field}
          name="endpoint"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          value={url}
          onChange={(event) => setUrl(event.target.value)}
        />
        <button type="submit">Connect</button>
        <button type="button" aria-disabled={state.state === "closed"} onClick={() => void etcd.close()}>
          Disconnect
        </button>
      </form>
      <ConnectionStatus state={state} />
      {fault && <FailureNote failure={fault} />}
    </header>
  );
}
