import type { ConnectionState } from "etcd-web";
import { createContext, useContext, useSyncExternalStore } from "react";
import { type CurrentConnection, currentConnection, type OpenConnection, subscribeConnection } from "./store.ts";

export const Opened = createContext<OpenConnection | undefined>(undefined);

/** What there is of a connection; for the shell. */
export function useCurrentConnection(): CurrentConnection {
  return useSyncExternalStore(subscribeConnection, currentConnection);
}

/** The open connection; in panels, which are shown only while there is one. */
export function useConnection(): OpenConnection {
  const opened = useContext(Opened);
  if (opened === undefined) throw new Error("This component stands outside of a panel");
  return opened;
}

/** Whether writes are refused. */
export function useReadOnly(): boolean {
  return useConnection().target.readOnly;
}

/** How the client's watch streams are doing. */
export function useConnectionState({ etcd: { connection } }: OpenConnection): ConnectionState {
  return useSyncExternalStore(connection.subscribe, () => connection.state);
}
