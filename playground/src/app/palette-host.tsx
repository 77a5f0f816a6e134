import { lazy, Suspense, useSyncExternalStore } from "react";

const Palette = lazy(async () => ({ default: (await import("./palette.tsx")).Palette }));
const listeners = new Set<() => void>();
let isOpen = false;

export function openPalette(): void {
  change(true);
}

export function togglePalette(): void {
  change(!isOpen);
}

/** Loaded when it is asked for. */
export function PaletteHost() {
  const open = useSyncExternalStore(subscribe, () => isOpen);
  return open ? (
    <Suspense>
      <Palette onClose={() => change(false)} />
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
