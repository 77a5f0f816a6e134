import type { Etcd, Range } from "etcd-web";
import { useEffect, useState, useSyncExternalStore } from "react";
import { type Failure, toFailure } from "../../text/failure.ts";
import { followHistory } from "./follow-history.ts";
import { HistoryLog, type LogState } from "./history-log.ts";

/** The history of a range, live. Keep the range's identity while it is the same. */
export function useHistory(
  etcd: Etcd,
  range: Range | undefined,
): { readonly log: LogState; readonly failure?: Failure } {
  const [log, setLog] = useState(() => new HistoryLog());
  const [failure, setFailure] = useState<Failure>();
  const state = useSyncExternalStore(log.subscribe, log.getState);

  useEffect(() => {
    const leaving = new AbortController();
    const fresh = new HistoryLog();
    setLog(fresh);
    setFailure(undefined);
    if (range === undefined) return;
    followHistory(etcd, range, fresh, leaving.signal).catch((error: unknown) => {
      if (!leaving.signal.aborted) setFailure(toFailure(error));
    });
    return () => leaving.abort();
  }, [etcd, range]);

  return { log: state, ...(failure && { failure }) };
}
