import type { ConnectionState, Etcd } from "etcd-web";
import { useCallback, useSyncExternalStore } from "react";

/** How the client's watch streams are doing, always current. */
export function useConnection({ connection }: Etcd): ConnectionState {
  const subscribe = useCallback((listener: () => void) => connection.subscribe(listener), [connection]);
  return useSyncExternalStore(subscribe, () => connection.state);
}
