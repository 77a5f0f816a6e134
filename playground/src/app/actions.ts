import type { LucideIcon } from "lucide-react";
import { useEffect } from "react";
import { sharedValue } from "../ui/shared-value.ts";

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

const offered = new Map<object, readonly Action[]>();
const all = sharedValue<readonly Action[]>([]);

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
  return all.use();
}

function tell(): void {
  all.set([...offered.values()].flat());
}
