import { formatPlace, parsePlace, sameTarget, type Target } from "./target.ts";

const item = "etcd-web-playground-connections";
const most = 30;

/** Connections to URLs that were made before, the latest first. No secret is among them. */
export function savedTargets(): readonly Target[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(item) ?? "[]");
    return Array.isArray(kept) ? kept.flatMap(readTarget) : [];
  } catch {
    return [];
  }
}

export function saveTarget(target: Target): void {
  if (target.place.kind === "memory") return; // The browser's database knows those.
  keep([target, ...savedTargets().filter((each) => !sameAccount(each, target))].slice(0, most));
}

export function forgetTarget(target: Target): void {
  keep(savedTargets().filter((each) => !sameTarget(each, target)));
}

function sameAccount(a: Target, b: Target): boolean {
  return formatPlace(a.place) === formatPlace(b.place) && a.user === b.user;
}

function keep(targets: readonly Target[]): void {
  const plain = targets.map(({ place, user, readOnly }) => ({ at: formatPlace(place), user, readOnly }));
  try {
    localStorage.setItem(item, JSON.stringify(plain));
  } catch {
    // The browser keeps nothing for this page: the list begins anew with the next visit.
  }
}

function readTarget(kept: unknown): readonly Target[] {
  const { at, user, readOnly } = (kept ?? {}) as Record<string, unknown>;
  if (typeof at !== "string") return [];
  try {
    return [{ place: parsePlace(at), user: typeof user === "string" ? user : undefined, readOnly: readOnly === true }];
  } catch {
    return [];
  }
}
