import { useEffect, useState } from "react";
import { asking, type Health, type Reach, reached, toHealth, unreached } from "./health.ts";
import type { OpenConnection } from "./store.ts";
import { useConnectionState } from "./use-connection.ts";

/** How the connection is doing, always current. */
export function useHealth(connection: OpenConnection): Health {
  const state = useConnectionState(connection);
  const [reach, setReach] = useState<Reach>(asking);
  const isIdle = state.state === "idle";

  // While no watch tells, a question does.
  useEffect(() => {
    if (!isIdle) return;
    const leaving = new AbortController();
    connection.etcd.ready({ signal: leaving.signal }).then(
      () => setReach(reached),
      (error: unknown) => {
        if (!leaving.signal.aborted) setReach(unreached(error));
      },
    );
    return () => leaving.abort();
  }, [connection, isIdle]);

  return toHealth(state, reach);
}
