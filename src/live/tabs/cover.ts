import type { WatchBatch } from "../../watch/events.ts";
import type { Cover } from "./messages.ts";

/** What a watch that has had everything before `next` makes of a cover. */
export type Taken =
  | { readonly kind: "taken"; readonly batches: readonly WatchBatch[]; readonly next: bigint }
  /** Something between is missing. */
  | { readonly kind: "gap" };

/** Each revision once, and none left out, whoever sends it and however often. */
export function take(next: bigint, cover: Pick<Cover, "from" | "next" | "batches">): Taken {
  if (cover.from > next) return { kind: "gap" };
  const batches = cover.batches.filter(({ revision }) => revision >= next);
  return { kind: "taken", batches, next: cover.next > next ? cover.next : next };
}
