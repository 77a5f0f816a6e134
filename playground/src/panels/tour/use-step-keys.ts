import { useEffect, useEffectEvent } from "react";

/** N and P: the next step and the previous one. */
export function useStepKeys(go: { readonly next: () => void; readonly previous: () => void }): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("[role=dialog],[role=alertdialog]") !== null) return;
    if (event.key === "n") go.next();
    else if (event.key === "p") go.previous();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => press(event);
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, []);
}
