import { useEffect, useState } from "react";
import { asking, type Health, type Reach, reached, toHealth, unreached } from "./health.ts";
import type { OpenConnection } from "./store.ts";
import { useConnectionState } from "./use-connection.ts";

const againMs = 5_000;

/** How the connection is doing, always current. */
export function useHealth(connection: OpenConnection): Health {
  const state = useConnectionState(connection);
  const [reach, setReach] = useState<Reach>(asking);
  const isIdle = state.state === "idle";

  // While no watch tells, a question does.
  useEffect(() => {
    if (!isIdle) return;
    const leaving = new AbortController();
    void keepAsking(connection, leaving.signal, setReach);
    return () => leaving.abort();
  }, [connection, isIdle]);

  return toHealth(state, reach);
}

/** Until etcd has answered once: after that, calls say for themselves what is wrong. */
async function keepAsking({ etcd }: OpenConnection, signal: AbortSignal, tell: (reach: Reach) => void): Promise<void> {
  while (!signal.aborted) {
    try {
      await etcd.ready({ signal });
      return tell(reached);
    } catch (error) {
      if (signal.aborted) return;
      tell(unreached(error, new Date(Date.now() + againMs)));
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }
}
