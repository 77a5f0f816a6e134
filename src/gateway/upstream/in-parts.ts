import { create } from "@bufbuild/protobuf";
import { type Event, type KeyValue, type WatchResponse, WatchResponseSchema } from "../../proto.ts";

/** etcd's own measure: its request limit and 512 KiB. */
const mostBytes = 2 * 1024 * 1024;

/** A response in parts, as etcd gives a large one to who asks for them. */
export function* inParts(response: WatchResponse): Iterable<WatchResponse> {
  let begun = 0;
  let bytes = 0;
  for (const [index, event] of response.events.entries()) {
    const size = sizeOf(event);
    if (index > begun && bytes + size > mostBytes) {
      yield part(response, begun, index);
      begun = index;
      bytes = 0;
    }
    bytes += size;
  }
  yield begun === 0 ? response : part(response, begun, response.events.length);
}

function part(response: WatchResponse, from: number, to: number): WatchResponse {
  const { events, ...rest } = response;
  const fragment = to < events.length;
  return create(WatchResponseSchema, { ...rest, fragment, events: events.slice(from, to) });
}

/** About: ids and numbers take some bytes more. */
function sizeOf({ kv, prevKv }: Event): number {
  const of = (pair: KeyValue | undefined): number => (pair ? pair.key.length + pair.value.length + 50 : 0);
  return of(kv) + of(prevKv);
}
