import { createClient } from "@connectrpc/connect";
import type { Etcd } from "etcd-web";
import { Lease } from "etcd-web/proto";
import { useEtcd } from "etcd-web/react";
import { useCallback, useEffect, useState } from "react";
import { type Failure, toFailure } from "../../text/failure.ts";

export interface KnownLease {
  readonly id: bigint;
  /** Seconds. */
  readonly left: number;
  readonly granted: number;
  readonly keys: readonly Uint8Array[];
}

const askEveryMs = 1_000;
/** Each is a question of its own. */
const mostAsked = 200;

/** The leases there are: etcd has no watch for them, so it is asked each second. */
export function useLeases() {
  const etcd = useEtcd();
  const [leases, setLeases] = useState<readonly KnownLease[]>();
  const [failure, setFailure] = useState<Failure>();
  const [asked, setAsked] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` is to ask at once
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function ask(): Promise<void> {
      try {
        const known = await readLeases(etcd, signal);
        setFailure(undefined);
        setLeases(known);
      } catch (error) {
        if (!signal.aborted) setFailure(toFailure(error));
      }
      if (!signal.aborted) timer = setTimeout(ask, askEveryMs);
    }
    void ask();
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [etcd, asked]);
  const refresh = useCallback(() => setAsked((before) => before + 1), []);
  return { leases, failure, refresh };
}

async function readLeases(etcd: Etcd, signal: AbortSignal): Promise<readonly KnownLease[]> {
  const client = createClient(Lease, etcd.transport);
  const ids = (await etcd.leases.list({ signal })).slice(0, mostAsked);
  const answers = await Promise.all(ids.map((ID) => client.leaseTimeToLive({ ID, keys: true }, { signal })));
  return answers
    .map(({ ID, TTL, grantedTTL, keys }) => ({ id: ID, left: Number(TTL), granted: Number(grantedTTL), keys }))
    .filter(({ left }) => left >= 0) // It ran out in between.
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
