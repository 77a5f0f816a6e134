import { createEtcd, EtcdError } from "etcd-web";

/** Which etcd: one in this page, by name, or one behind URLs. */
export type Place =
  | { readonly kind: "memory"; readonly name: string }
  | { readonly kind: "endpoints"; readonly urls: readonly string[] };

/** Everything about a connection that a link may hold: no secret. */
export interface Target {
  readonly place: Place;
  /** Signs in as. */
  readonly user: string | undefined;
  /** Writes are refused before they leave the page. */
  readonly readOnly: boolean;
}

export const firstMemory: Place = { kind: "memory", name: "playground" };

/** `memory:name`, or URLs with commas between. Throws "invalid-argument". */
export function parsePlace(text: string): Place {
  const [, name] = /^memory(?::(.*))?$/s.exec(text) ?? [];
  if (name !== undefined && name !== "") return { kind: "memory", name };
  if (text === "memory") return firstMemory;
  const urls = text.split(",").map((part) => checkedUrl(part.trim()));
  // The library's own check of endpoints; a client does no I/O before its first call.
  createEtcd({ endpoints: urls });
  return { kind: "endpoints", urls };
}

export function formatPlace(place: Place): string {
  return place.kind === "memory" ? `memory:${place.name}` : place.urls.join(",");
}

/** For people: short. */
export function placeTitle(place: Place): string {
  if (place.kind === "memory") return place.name;
  const [first = "", ...others] = place.urls;
  const shown = first.replace(/^https?:\/\//, "").replace(/\/$/, "");
  return others.length === 0 ? shown : `${shown} and ${others.length} more`;
}

export function sameTarget(a: Target, b: Target): boolean {
  return formatPlace(a.place) === formatPlace(b.place) && a.user === b.user && a.readOnly === b.readOnly;
}

function checkedUrl(text: string): string {
  const url = URL.parse(text === "." ? location.origin : text, location.href);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new EtcdError("invalid-argument", `"${text}" is not a URL that begins with http:// or https://`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new EtcdError("invalid-argument", "A password does not belong into the URL: give user and password apart");
  }
  return url.href.replace(/\/$/, "");
}
