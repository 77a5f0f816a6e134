import type { LucideIcon } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";

/** Something the palette offers. */
export interface Action {
  readonly id: string;
  /** "New key" */
  readonly title: string;
  /** Where it belongs: "Keys". */
  readonly group: string;
  readonly icon: LucideIcon;
  readonly shortcut?: string;
  readonly run: () => void;
}

const listeners = new Set<() => void>();
const offered = new Map<object, readonly Action[]>();
let all: readonly Action[] = [];

/** Offers actions in the palette while the component is shown. Keep the list's identity (`useMemo`) while it is the same. */
export function useActions(actions: readonly Action[]): void {
  useEffect(() => {
    const token = {};
    offered.set(token, actions);
    tell();
    return () => {
      offered.delete(token);
      tell();
    };
  }, [actions]);
}

/** All that are offered now. */
export function useOfferedActions(): readonly Action[] {
  return useSyncExternalStore(subscribe, () => all);
}

function tell(): void {
  all = [...offered.values()].flat();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
