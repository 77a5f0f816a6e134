import type { Etcd } from "etcd-web";
import { type SyncUpdate, sync } from "etcd-web/live";
import { useEffect, useState } from "react";
import { type Failure, toFailure } from "../../text/failure.ts";
import type { KeyState } from "./key-state.ts";

/** A key, live. */
export interface LiveKey {
  /** Undefined: not known yet. */
  readonly state?: KeyState;
  /** Why no more will be told; the state is the last that was. */
  readonly failure?: Failure;
}

/** Not a view: that shows values, and a put of the same value changes revision and lease. */
export function useKey(etcd: Etcd, key: Uint8Array): LiveKey {
  const [live, setLive] = useState<LiveKey>({});
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    async function follow(): Promise<void> {
      for await (const update of sync(etcd, key, { signal })) setLive({ state: latest(update) });
    }
    follow().catch((error: unknown) => {
      if (!signal.aborted) setLive((before) => ({ ...before, failure: toFailure(error) }));
    });
    return () => leaving.abort();
  }, [etcd, key]);
  return live;
}

function latest(update: SyncUpdate): KeyState {
  const { revision } = update;
  if (update.type === "snapshot") return { kv: update.kvs[0], revision };
  const event = update.events.at(-1);
  return { kv: event?.type === "put" ? event.kv : undefined, revision };
}
