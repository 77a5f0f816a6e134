import { WatchCreateRequest_FilterType as FilterType, type WatchCreateRequest } from "../gen/etcdserverpb/watch_pb.ts";
import { errors } from "./errors.ts";
import { type Span, toSpan } from "./keys.ts";
import type { Watcher } from "./watcher.ts";

const firstKey = new Uint8Array(1);

/** Why etcd does not create this watch, in its words; undefined where it does. */
export function refuse(request: WatchCreateRequest, isTaken: (id: bigint) => boolean): string | undefined {
  if (request.startRevision < 0n) return errors.compacted().rawMessage;
  const span = spanOf(request);
  if ("from" in span && span.to !== undefined && span.from >= span.to) return "mvcc: watcher range is empty";
  if (request.watchId !== 0n && isTaken(request.watchId)) return "mvcc: duplicate watch ID provided on the WatchStream";
  return undefined;
}

/** The watcher asked for. `now` is the store's revision. */
export function toWatcher(request: WatchCreateRequest, id: bigint, now: bigint, receive: Watcher["receive"]): Watcher {
  const { startRevision: start, filters, prevKv, fragment, progressNotify } = request;
  return {
    id,
    span: spanOf(request),
    start,
    prevKv,
    fragment,
    progressNotify,
    noPut: filters.includes(FilterType.NOPUT),
    noDelete: filters.includes(FilterType.NODELETE),
    next: start === 0n ? now + 1n : start,
    quiet: true,
    receive,
  };
}

/** Unlike reads, a watch may leave the key out: it begins with the first key there can be. */
function spanOf({ key, rangeEnd }: WatchCreateRequest): Span {
  return toSpan(key.length === 0 ? firstKey : key, rangeEnd);
}
