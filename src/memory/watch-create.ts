import { Code, ConnectError } from "@connectrpc/connect";
import { WatchCreateRequest_FilterType as FilterType, type WatchCreateRequest } from "../gen/etcdserverpb/watch_pb.ts";
import type { Caller } from "./access.ts";
import { errors } from "./errors.ts";
import { type Span, toSpan } from "./keys.ts";
import type { Watcher } from "./watcher.ts";

const firstKey = new Uint8Array(1);

/** What a stream is asked of before it takes one more watch. */
interface Situation {
  /** Throws where the token is no longer good. */
  caller(): Caller;
  isTaken(id: bigint): boolean;
}

/** Why etcd does not create this watch, in its words; undefined where it does. */
export function refuse(request: WatchCreateRequest, { caller, isTaken }: Situation): string | undefined {
  if (request.startRevision < 0n) return errors.compacted().rawMessage;
  const denial = deny(request, caller);
  if (denial !== undefined) return denial;
  const span = spanOf(request);
  if ("from" in span && span.to !== undefined && span.from >= span.to) return "mvcc: watcher range is empty";
  if (request.watchId !== 0n && isTaken(request.watchId)) return "mvcc: duplicate watch ID provided on the WatchStream";
  return undefined;
}

/** The stream goes on for its other watches, so what would be the status of a call stands in words. */
function deny({ key, rangeEnd }: WatchCreateRequest, caller: Situation["caller"]): string | undefined {
  try {
    caller().requireRead(keyOf(key), rangeEnd);
    return undefined;
  } catch (error) {
    const { code, rawMessage } = ConnectError.from(error);
    return `rpc error: code = ${Code[code]} desc = ${rawMessage}`;
  }
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
  return toSpan(keyOf(key), rangeEnd);
}

function keyOf(key: Uint8Array): Uint8Array {
  return key.length === 0 ? firstKey : key;
}
