import type { Etcd } from "etcd-web";
import { useEffect, useState } from "react";

/** How long a lease has still to live. */
export interface LeaseLeft {
  readonly seconds: number;
  readonly granted: number;
}

const askMs = 5_000;
const stepMs = 500;

/** Counts down between questions; undefined: no lease, or not known yet; "gone": it has run out. */
export function useLeaseLeft(etcd: Etcd, lease: bigint): LeaseLeft | "gone" | undefined {
  const [answer, setAnswer] = useState<{ readonly endsAt: number; readonly granted: number } | "gone">();
  const [now, setNow] = useState(() => performance.now());

  useEffect(() => {
    setAnswer(undefined);
    if (lease === 0n) return;
    const leaving = new AbortController();
    const attached = etcd.leases.attach(lease, { keepAlive: false });
    const ask = (): void => {
      attached.timeToLive({ signal: leaving.signal }).then(
        ({ ttlSeconds, grantedTtlSeconds: granted }) => {
          const endsAt = performance.now() + ttlSeconds * 1_000;
          setAnswer(ttlSeconds < 0 ? "gone" : { endsAt, granted });
        },
        () => {
          // The key itself tells what becomes of it; the next question may be answered.
        },
      );
    };
    ask();
    const asking = setInterval(ask, askMs);
    const counting = setInterval(() => setNow(performance.now()), stepMs);
    return () => {
      leaving.abort();
      clearInterval(asking);
      clearInterval(counting);
      attached.release();
    };
  }, [etcd, lease]);

  if (answer === undefined || answer === "gone") return answer;
  return { seconds: Math.max(0, Math.ceil((answer.endsAt - now) / 1_000)), granted: answer.granted };
}
