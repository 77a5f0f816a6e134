import { currentRoute, setParams } from "../route/router.ts";
import { firstMemory, formatPlace, type Place, parsePlace, type Target } from "./target.ts";

const item = "etcd-web-playground-last";

/** The etcd that the URL names; else the one used last, else what the page was told, else one in memory. */
export function targetInUrl(): Target {
  const { params } = currentRoute();
  const at = params.get("at");
  if (at === null) return lastTarget() ?? { place: servedPlace(), user: undefined, readOnly: false };
  return { place: parsePlace(at), user: params.get("user") ?? undefined, readOnly: params.get("mode") === "read" };
}

/** Names it in the URL, and remembers it for the next visit. */
export function putTargetInUrl(target: Target, how: "push" | "replace"): void {
  const { place, user, readOnly } = target;
  setParams({ at: formatPlace(place), user, mode: readOnly ? "read" : undefined }, how);
  try {
    sessionStorage.setItem(item, JSON.stringify({ at: formatPlace(place), user, readOnly }));
  } catch {
    // The browser keeps nothing for this page: the next visit begins anew.
  }
}

/** What whoever serves this page wrote into it. */
function servedPlace(): Place {
  const content = document.querySelector<HTMLMetaElement>("meta[name=etcd-endpoint]")?.content ?? "";
  return content === "" ? firstMemory : parsePlace(content);
}

function lastTarget(): Target | undefined {
  try {
    const { at, user, readOnly } = JSON.parse(sessionStorage.getItem(item) ?? "{}");
    if (typeof at !== "string") return undefined;
    return { place: parsePlace(at), user: typeof user === "string" ? user : undefined, readOnly: readOnly === true };
  } catch {
    return undefined;
  }
}
