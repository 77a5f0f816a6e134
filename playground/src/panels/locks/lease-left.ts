import { createClient } from "@connectrpc/connect";
import { Lease } from "etcd-web/proto";
import { useEffect, useState } from "react";
import { useConnection } from "../../connection/use-connection.ts";

const askEveryMs = 500;

/** Seconds that leases still have by etcd's word, asked again and again; -1 for one that is over. */
export function useLeasesLeft(leases: readonly bigint[]): ReadonlyMap<bigint, number> {
  const { etcd } = useConnection();
  const [left, setLeft] = useState<ReadonlyMap<bigint, number>>(new Map());
  const wanted = leases.join();
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const client = createClient(Lease, etcd.transport);
    async function ask(): Promise<void> {
      const ids = wanted === "" ? [] : wanted.split(",").map(BigInt);
      const answers = await Promise.allSettled(ids.map((ID) => client.leaseTimeToLive({ ID }, { signal })));
      if (signal.aborted) return;
      const known = answers.flatMap((each) =>
        each.status === "fulfilled" ? [[each.value.ID, Number(each.value.TTL)] as const] : [],
      );
      setLeft(new Map(known));
      timer = setTimeout(ask, askEveryMs);
    }
    let timer = setTimeout(ask);
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [etcd, wanted]);
  return left;
}
