import { useEffect } from "react";
import { panels } from "../panels/registry.ts";
import { openPanel } from "../route/router.ts";
import { togglePalette } from "./palette-host.tsx";

/** How long after G a letter still means a panel. */
const sequenceMs = 1_500;

/** Mod K: the palette. G and a letter: a panel. */
export function useShortcuts(): void {
  useEffect(() => {
    let sequenceUntil = 0;
    function press(event: KeyboardEvent): void {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        togglePalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      const key = event.key.toLowerCase();
      const panel = event.timeStamp < sequenceUntil ? panels.find(({ shortcut }) => shortcut === key) : undefined;
      sequenceUntil = panel === undefined && key === "g" ? event.timeStamp + sequenceMs : 0;
      if (panel === undefined) return;
      event.preventDefault();
      openPanel(panel.name);
    }
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

function isTyping(event: KeyboardEvent): boolean {
  const [inner] = event.composedPath();
  if (!(inner instanceof HTMLElement)) return false;
  return (
    inner.isContentEditable ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(inner.tagName) ||
    inner.closest("[role=dialog],[role=menu],[role=listbox]") !== null
  );
}
