import { create, toBinary } from "@bufbuild/protobuf";
import { type WatchResponse, WatchResponseSchema } from "../gen/etcdserverpb/watch_pb.ts";
import { type Event, EventSchema } from "../gen/mvccpb/kv_pb.ts";
import { maxMessageBytes } from "./request-size.ts";

/**
 * The response in parts below the size of a message, all but the last marked as fragments. A single event is not
 * split, whatever its size.
 */
export function fragments(response: WatchResponse, limit: number = maxMessageBytes): WatchResponse[] {
  if (response.events.length < 2 || toBinary(WatchResponseSchema, response).length < limit) return [response];
  const frame = toBinary(WatchResponseSchema, part(response, [])).length;
  const groups: Event[][] = [[]];
  let size = frame;
  for (const event of response.events) {
    const bytes = fieldSize(toBinary(EventSchema, event).length);
    const group = groups.at(-1);
    if (group === undefined || (group.length > 0 && size + bytes >= limit)) {
      groups.push([event]);
      size = frame + bytes;
    } else {
      group.push(event);
      size += bytes;
    }
  }
  return groups.map((events, index) => part(response, events, index < groups.length - 1));
}

function part({ $typeName: _, ...fields }: WatchResponse, events: Event[], fragment = true): WatchResponse {
  return create(WatchResponseSchema, { ...fields, events, fragment });
}

/** Of a message inside another: a tag of one byte, the length, the bytes. */
function fieldSize(length: number): number {
  let size = 2 + length;
  for (let rest = length >>> 7; rest > 0; rest >>>= 7) size++;
  return size;
}
