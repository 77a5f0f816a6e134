import { useEffect, useState, useSyncExternalStore } from "react";
import { useConnection, useReadOnly } from "../../connection/use-connection.ts";
import { usePanelParam } from "../../route/use-route.ts";
import { Arena, type ArenaState } from "./arena.ts";
import type { Contest } from "./contender.ts";

/** The clients of the panel; what they contend for is in the link. */
export function useArena(): ArenaState & { readonly arena: Arena; readonly change: (next: Partial<Contest>) => void } {
  const { etcd } = useConnection();
  const readOnly = useReadOnly();
  const [kind, setKind] = usePanelParam("for");
  const [name, setName] = usePanelParam("name");
  const [ttl, setTtl] = usePanelParam("ttl");
  const contest: Contest = {
    kind: kind === "election" ? "election" : "lock",
    name: name || "playground/printer",
    ttlSeconds: Number(ttl) || 5,
  };
  const [arena] = useState(() => new Arena(etcd, contest));
  const state = useSyncExternalStore(arena.subscribe, arena.state);

  useEffect(() => {
    if (!readOnly) arena.open({ kind: contest.kind, name: contest.name, ttlSeconds: contest.ttlSeconds });
    return () => arena.close();
  }, [arena, readOnly, contest.kind, contest.name, contest.ttlSeconds]);

  return {
    ...state,
    contest,
    arena,
    change(next) {
      if (next.kind !== undefined) setKind(next.kind);
      if (next.name !== undefined) setName(next.name);
      if (next.ttlSeconds !== undefined) setTtl(String(next.ttlSeconds));
    },
  };
}
