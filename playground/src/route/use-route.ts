import { useCallback, useSyncExternalStore } from "react";
import type { Route } from "./route.ts";
import { currentRoute, setParams, subscribeRoute } from "./router.ts";

/** Where the page is. */
export function useRoute(): Route {
  return useSyncExternalStore(subscribeRoute, currentRoute);
}

/** A param of the panel, as state that a link keeps: `const [prefix, setPrefix] = usePanelParam("prefix")`. */
export function usePanelParam(
  name: string,
  how: "push" | "replace" = "replace",
): readonly [value: string, set: (value: string | undefined) => void] {
  const value = useSyncExternalStore(subscribeRoute, () => currentRoute().params.get(name) ?? "");
  const set = useCallback((next: string | undefined) => setParams({ [name]: next }, how), [name, how]);
  return [value, set];
}
