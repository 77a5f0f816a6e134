import { lazy, Suspense, useSyncExternalStore } from "react";

const ConnectionsDialog = lazy(async () => ({
  default: (await import("./connections-dialog.tsx")).ConnectionsDialog,
}));
const listeners = new Set<() => void>();
let isOpen = false;

export function openConnections(): void {
  change(true);
}

/** Loaded when it is asked for. */
export function ConnectionsHost() {
  const open = useSyncExternalStore(subscribe, () => isOpen);
  return open ? (
    <Suspense>
      <ConnectionsDialog onClose={() => change(false)} />
    </Suspense>
  ) : null;
}

function change(open: boolean): void {
  isOpen = open;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
