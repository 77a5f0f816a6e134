import { create } from "@bufbuild/protobuf";
import { type Event, EventSchema, Event_EventType as EventType } from "../gen/mvccpb/kv_pb.ts";
import type { Change } from "./change-log.ts";
import { isTombstone } from "./key-history.ts";
import type { View } from "./store.ts";
import type { Watcher } from "./watcher.ts";

/** The events a watcher is shown for changes in its span. */
export function toEvents(view: View, watcher: Watcher, changes: readonly Change[]): Event[] {
  const wanted = changes.filter(({ kv }) => !(isTombstone(kv) ? watcher.noDelete : watcher.noPut));
  return wanted.map((change) => toEvent(view, watcher, change));
}

function toEvent(view: View, watcher: Watcher, { name, kv }: Change): Event {
  const event = create(EventSchema, { type: isTombstone(kv) ? EventType.DELETE : EventType.PUT, kv });
  if (!watcher.prevKv || kv.createRevision === kv.modRevision) return event;
  // It may be compacted by now: then the event comes without, as etcd's does.
  const previous = view.index.at(name, kv.modRevision - 1n);
  if (previous) event.prevKv = previous;
  return event;
}
