import type { WatchEvent } from "etcd-web";
import { type Excerpt, toExcerpt } from "../text/excerpt.ts";
import { toPrintable } from "../text/printable.ts";

/** An event as it is shown. */
export interface SeenEvent {
  /** A revision touches a key once. */
  readonly id: string;
  readonly type: "put new" | "put" | "delete";
  readonly key: string;
  /** Undefined for a delete. */
  readonly value: Excerpt | undefined;
  readonly revision: bigint;
}

/** An event of a watch, made ready to show. */
export function toSeenEvent(event: WatchEvent): SeenEvent {
  const key = toPrintable(event.kv.key);
  const revision = event.kv.modRevision;
  const id = `${revision} ${key}`;
  if (event.type === "delete") return { id, type: "delete", key, value: undefined, revision };
  return { id, type: event.isCreate ? "put new" : "put", key, value: toExcerpt(event.kv.value), revision };
}
