import type { Etcd, KeyValue } from "etcd-web";
import { type SyncUpdate, sync } from "etcd-web/live";
import { useEffect, useState } from "react";
import { type Failure, toFailure } from "../../text/failure.ts";

/** A key, live. `kv` undefined while `isKnown`: there is none. */
export interface LiveKey {
  readonly kv?: KeyValue | undefined;
  readonly isKnown: boolean;
  readonly failure?: Failure;
}

/** Not a view: that shows values, and a put of the same value changes revision and lease. */
export function useKey(etcd: Etcd, key: Uint8Array): LiveKey {
  const [live, setLive] = useState<LiveKey>({ isKnown: false });
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    async function follow(): Promise<void> {
      for await (const update of sync(etcd, key, { signal })) setLive({ kv: latest(update), isKnown: true });
    }
    follow().catch((error: unknown) => {
      if (!signal.aborted) setLive({ isKnown: false, failure: toFailure(error) });
    });
    return () => leaving.abort();
  }, [etcd, key]);
  return live;
}

function latest(update: SyncUpdate): KeyValue | undefined {
  if (update.type === "snapshot") return update.kvs[0];
  const event = update.events.at(-1);
  return event?.type === "put" ? event.kv : undefined;
}
