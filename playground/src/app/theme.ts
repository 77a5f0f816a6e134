import { useSyncExternalStore } from "react";

/** `system`: as the device has it. */
export type Theme = "system" | "light" | "dark";

const item = "etcd-web-playground-theme";
const listeners = new Set<() => void>();
let theme: Theme = readTheme();

/** Before the first paint, so that nothing flashes. */
export function applyTheme(): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function setTheme(next: Theme): void {
  theme = next;
  applyTheme();
  try {
    localStorage.setItem(item, next);
  } catch {
    // Kept until the page is closed, then.
  }
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => theme);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function readTheme(): Theme {
  try {
    const kept = localStorage.getItem(item);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system";
  }
}
