import type { Etcd, Range } from "etcd-web";
import { useEffect, useState, useSyncExternalStore } from "react";
import { type Failure, toFailure } from "../../text/failure.ts";
import { followKeys } from "./follow-keys.ts";
import { KeyList, type KeyListState } from "./key-list.ts";

/** The keys of a range, live; or why there are none. Keep the range's identity while it is the same. */
export function useKeyList(etcd: Etcd, range: Range): { readonly keys: KeyListState; readonly failure?: Failure } {
  const [list, setList] = useState(() => new KeyList());
  const [failure, setFailure] = useState<Failure>();
  const keys = useSyncExternalStore(list.subscribe, list.getState);

  useEffect(() => {
    const leaving = new AbortController();
    const fresh = new KeyList();
    setList(fresh);
    setFailure(undefined);
    followKeys(etcd, range, fresh, leaving.signal).catch((error: unknown) => {
      if (!leaving.signal.aborted) setFailure(toFailure(error));
    });
    return () => leaving.abort();
  }, [etcd, range]);

  return { keys, ...(failure && { failure }) };
}
