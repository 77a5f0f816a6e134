import { sharedValue } from "../ui/shared-value.ts";

/** `system`: as the device has it. */
export type Theme = "system" | "light" | "dark";

const item = "etcd-web-playground-theme";
const shared = sharedValue<Theme>(readTheme());

/** Before the first paint, so that nothing flashes. */
export function applyTheme(): void {
  const theme = shared.get();
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function setTheme(next: Theme): void {
  shared.set(next);
  applyTheme();
  try {
    localStorage.setItem(item, next);
  } catch {
    // Kept until the page is closed, then.
  }
}

export function useTheme(): Theme {
  return shared.use();
}

function readTheme(): Theme {
  try {
    const kept = localStorage.getItem(item);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system";
  }
}
