import { Code, ConnectError } from "@connectrpc/connect";
import { linkSignals } from "../../base/signals.ts";
import {
  type Event,
  Event_EventType as EventType,
  WatchCreateRequest_FilterType as Filter,
  type WatchCreateRequest,
  type WatchResponse,
} from "../../proto.ts";
import { inParts } from "./in-parts.ts";
import { heldOpen, type OpenWatch } from "./open-watch.ts";

/** etcd sends the past in responses of so many revisions. */
const revisionsPerBatch = 1_000;

/**
 * One watch through etcd's `grpc-proxy`, which makes one of equal watches: also of one that is still reading the past
 * and one that has done so, and then what the first had not read yet is lost. So after a response that may not have
 * been the last of the past the watch is opened anew, from behind it.
 */
export async function* proxiedWatch(
  open: OpenWatch,
  create: WatchCreateRequest,
  signal: AbortSignal,
): AsyncGenerator<WatchResponse> {
  const tidy = tidier(create);
  let startRevision = create.startRevision;
  for (let first = true; ; first = false) {
    let next: bigint | undefined;
    // The filters are ours to apply: with events left out nobody could tell where a batch ends.
    for await (const response of openOne(open, { ...create, startRevision, filters: [], fragment: false }, signal)) {
      const from = behindBatch(response);
      const again = response.created && !first;
      if (again) response.created = false; // the page has heard so before, but not that it is refused now
      if ((!again || response.canceled) && tidy(response)) yield* create.fragment ? inParts(response) : [response];
      if (response.canceled) return;
      if (from === undefined) continue;
      next = from;
      break;
    }
    if (next === undefined) throw new ConnectError("grpc-proxy ended the watch", Code.Unavailable);
    startRevision = next;
  }
}

/** A call of its own, which ends with its reader. */
async function* openOne(
  open: OpenWatch,
  create: WatchCreateRequest,
  signal: AbortSignal,
): AsyncGenerator<WatchResponse> {
  const own = linkSignals(signal);
  try {
    yield* open(heldOpen({ requestUnion: { case: "createRequest", value: create } }, own.signal), own.signal);
  } finally {
    own.unlink();
    own.abort(new ConnectError("this watch is over", Code.Canceled));
  }
}

/** Where to go on, if more of the past may follow. */
function behindBatch({ events, header }: WatchResponse): bigint | undefined {
  const revisions = new Set(events.map(revisionOf));
  const last = events.length === 0 ? 0n : revisionOf(events[events.length - 1] as Event);
  return revisions.size >= revisionsPerBatch && last < (header?.revision ?? 0n) ? last + 1n : undefined;
}

function revisionOf({ kv }: Event): bigint {
  return kv?.modRevision ?? 0n;
}

/** Takes out what the page did not ask for; gives false where nothing is left. */
function tidier({ filters, prevKv }: WatchCreateRequest): (response: WatchResponse) => boolean {
  const [puts, deletes] = [!filters.includes(Filter.NOPUT), !filters.includes(Filter.NODELETE)];
  return (response) => {
    if (response.events.length === 0) return true;
    response.events = response.events.filter(({ type }) => (type === EventType.DELETE ? deletes : puts));
    if (!prevKv) for (const event of response.events) delete event.prevKv;
    return response.events.length > 0 || response.canceled;
  };
}
