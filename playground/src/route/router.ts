import { formatHash, parseHash, type Route } from "./route.ts";

/** Params that say which etcd it is: they stay when the panel changes. */
const connectionParams: readonly string[] = ["at", "user", "mode"];

const showAfterMs = 250;

const listeners = new Set<() => void>();
let showing: ReturnType<typeof setTimeout> | undefined;
let hash = location.hash;
let route = parseHash(hash);

addEventListener("hashchange", read);
addEventListener("popstate", read);
addEventListener("pagehide", showInUrl);

/** Where the page is now. Keeps its identity until it changes. */
export function currentRoute(): Route {
  return route;
}

export function subscribeRoute(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Goes to a panel, of the same etcd. */
export function openPanel(panel: string, params: Readonly<Record<string, string>> = {}): void {
  const kept = [...route.params].filter(([name]) => connectionParams.includes(name));
  write({ panel, page: undefined, params: new URLSearchParams([...kept, ...Object.entries(params)]) }, "push");
}

/** The URL of a panel, or of a page of one, for links. */
export function panelHref(panel: string, params: Readonly<Record<string, string>> = {}, page?: string): string {
  const kept = [...route.params].filter(([name]) => connectionParams.includes(name));
  return formatHash({ panel, page, params: new URLSearchParams([...kept, ...Object.entries(params)]) });
}

/**
 * Changes params of the current panel; undefined or "" takes one out. `push`: a step that the back button goes over, as
 * for another key; `replace`: not, as for each letter of a filter.
 */
export function setParams(
  changes: Readonly<Record<string, string | undefined>>,
  how: "push" | "replace" = "replace",
): void {
  const params = new URLSearchParams(route.params);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === "") params.delete(name);
    else params.set(name, value);
  }
  write({ ...route, params }, how);
}

function write(next: Route, how: "push" | "replace"): void {
  const text = formatHash(next);
  if (text === hash) return;
  if (how === "push") showInUrl();
  hash = text;
  route = next;
  if (how === "push") history.pushState(null, "", hash);
  else showing ??= setTimeout(showInUrl, showAfterMs);
  tell();
}

/** What has been replaced since, at once: browsers refuse a page that writes its URL with each letter typed. */
function showInUrl(): void {
  clearTimeout(showing);
  showing = undefined;
  if (location.hash !== hash) history.replaceState(null, "", hash);
}

/** The back button, or a link. */
function read(): void {
  clearTimeout(showing);
  showing = undefined;
  if (location.hash === hash) return;
  hash = location.hash;
  route = parseHash(hash);
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}
