import { usePanelParam } from "../../route/use-route.ts";

/** What parts keys into folders, as bytes; "": they are shown as a list. `/` unless the link says otherwise. */
export function useSeparator(): string {
  const [view] = usePanelParam("view");
  const [separator] = usePanelParam("separator");
  if (view === "list") return "";
  return String.fromCharCode(...new TextEncoder().encode(separator === "" ? "/" : separator));
}
