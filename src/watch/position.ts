import type { WatchResponse } from "../gen/etcdserverpb/watch_pb.ts";
import type { Event } from "../gen/mvccpb/kv_pb.ts";
import { revisionOf } from "./events.ts";

/** Where a watch stands on a stream. */
export interface Position {
  /** The revision to go on from: everything before it has been delivered whole. It only grows while it is read. */
  next: bigint;
  /** The server has confirmed the watch on this stream. */
  confirmed: boolean;
  /** Events of the revision at which a response was parted. */
  fragments: Event[] | undefined;
}

/** One revision's events, whole. */
export interface Revision {
  readonly revision: bigint;
  readonly events: readonly Event[];
}

/** What a response means for the watch. */
export type Step =
  | { readonly kind: "nothing" }
  | { readonly kind: "confirmed" }
  | { readonly kind: "revisions"; readonly revisions: readonly Revision[] }
  | { readonly kind: "bookmark"; readonly revision: bigint }
  | { readonly kind: "compacted"; readonly compactRevision: bigint }
  | { readonly kind: "canceled"; readonly refused: boolean; readonly reason: string };

const nothing: Step = { kind: "nothing" };
const confirmed: Step = { kind: "confirmed" };

/**
 * What a response for this watch means; moves `position` to where the watch stands then. Header revisions are never
 * trusted but in a bookmark: `created` is numbered after newer servers have begun to watch, and while a watch catches up
 * every header names the store's revision, far ahead of the events (etcd: server/storage/mvcc/watchable_store.go).
 */
export function advance(position: Position, response: WatchResponse): Step {
  if (response.canceled) return ending(response);
  if (response.created) {
    position.confirmed = true;
    return confirmed;
  }
  const { fragments } = position;
  if (response.fragment) return deliverPart(position, join(fragments, response.events));
  if (fragments === undefined && response.events.length === 0) return bookmark(position, response.header?.revision);
  position.fragments = undefined;
  return deliver(position, join(fragments, response.events));
}

function ending(response: WatchResponse): Step {
  if (response.compactRevision > 0n) return { kind: "compacted", compactRevision: response.compactRevision };
  return { kind: "canceled", refused: response.created, reason: response.cancelReason };
}

// Added to what there is: a copy for each part would make many parts quadratic.
function join(events: Event[] | undefined, more: Event[]): Event[] {
  if (events === undefined) return more;
  for (const event of more) events.push(event);
  return events;
}

// A part may end within a revision: its last one waits for the next part.
function deliverPart(position: Position, events: Event[]): Step {
  const last = events.at(-1);
  const whole = events.findIndex((event) => revisionOf(event) === (last && revisionOf(last)));
  position.fragments = whole > 0 ? events.slice(whole) : events;
  return whole > 0 ? deliver(position, events.slice(0, whole)) : nothing;
}

function deliver(position: Position, events: readonly Event[]): Step {
  const revisions = byRevision(events, position.next);
  const newest = revisions.at(-1);
  if (newest === undefined) return nothing;
  position.next = newest.revision + 1n;
  return { kind: "revisions", revisions };
}

// A bookmark for all watches of a stream is not ordered with the answers to creates: before ours it says nothing of us.
// One from before our start says nothing either; one for the revision just before it is true, and moves nothing.
function bookmark(position: Position, revision = 0n): Step {
  if (!position.confirmed || revision < position.next - 1n) return nothing;
  position.next = revision + 1n;
  return { kind: "bookmark", revision };
}

/** Those that have not been delivered. */
function byRevision(events: readonly Event[], next: bigint): readonly Revision[] {
  const revisions: Revision[] = [];
  let current: { readonly revision: bigint; readonly events: Event[] } | undefined;
  for (const event of events) {
    const revision = revisionOf(event);
    if (revision < next) continue;
    if (current?.revision === revision) current.events.push(event);
    else {
      current = { revision, events: [event] };
      revisions.push(current);
    }
  }
  return revisions;
}
