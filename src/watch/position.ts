import type { WatchResponse } from "../gen/etcdserverpb/watch_pb.ts";
import type { Event } from "../gen/mvccpb/kv_pb.ts";
import { revisionOf } from "./events.ts";

/** Where a watch stands. */
export interface Position {
  /** The revision to go on from: everything before it has been delivered whole. It only grows. */
  readonly next: bigint;
  /** The server has confirmed the watch on the present stream; a stream starts without. */
  readonly confirmed: boolean;
  /** Events of a response that has come in part. */
  readonly fragments: readonly Event[];
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

/** A watch that will deliver everything from `next` on. */
export function startAt(next: bigint): Position {
  return { next, confirmed: false, fragments: [] };
}

/** The position for a new stream: what had come in part is sent again. */
export function onNewStream(position: Position): Position {
  return startAt(position.next);
}

/**
 * What a response for this watch means, and where the watch stands then. Header revisions are never trusted but in a
 * bookmark: `created` is numbered after newer servers have begun to watch, and while a watch catches up every header
 * names the store's revision, far ahead of the events (etcd: server/storage/mvcc/watchable_store.go).
 */
export function advance(position: Position, response: WatchResponse): readonly [Position, Step] {
  if (response.canceled) return [position, ending(response)];
  if (response.created) return [{ ...position, confirmed: true }, { kind: "confirmed" }];
  if (response.fragment) return [{ ...position, fragments: [...position.fragments, ...response.events] }, nothing];
  if (position.fragments.length > 0 || response.events.length > 0) return deliver(position, response.events);
  return bookmark(position, response.header?.revision ?? 0n);
}

function ending(response: WatchResponse): Step {
  if (response.compactRevision > 0n) return { kind: "compacted", compactRevision: response.compactRevision };
  return { kind: "canceled", refused: response.created, reason: response.cancelReason };
}

function deliver(position: Position, last: readonly Event[]): readonly [Position, Step] {
  const events = [...position.fragments, ...last].filter((event) => revisionOf(event) >= position.next);
  const revisions = byRevision(events);
  const newest = revisions.at(-1);
  const next = newest === undefined ? position.next : newest.revision + 1n;
  return [{ ...position, next, fragments: [] }, revisions.length === 0 ? nothing : { kind: "revisions", revisions }];
}

// A bookmark for all watches of a stream is not ordered with the answers to creates: before ours it says nothing of us.
// One from before our start says nothing either; one for the revision just before it is true, and moves nothing.
function bookmark(position: Position, revision: bigint): readonly [Position, Step] {
  if (!position.confirmed || revision < position.next - 1n) return [position, nothing];
  return [
    { ...position, next: revision + 1n },
    { kind: "bookmark", revision },
  ];
}

function byRevision(events: readonly Event[]): readonly Revision[] {
  const revisions: { revision: bigint; events: Event[] }[] = [];
  for (const event of events) {
    const revision = revisionOf(event);
    const current = revisions.at(-1);
    if (current?.revision === revision) current.events.push(event);
    else revisions.push({ revision, events: [event] });
  }
  return revisions;
}
