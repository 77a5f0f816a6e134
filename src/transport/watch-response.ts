import { BinaryReader } from "@bufbuild/protobuf/wire";
import { mostShared } from "../base/bytes.ts";
import type { ResponseHeader } from "../gen/etcdserverpb/header_pb.ts";
import type { WatchResponse } from "../gen/etcdserverpb/watch_pb.ts";
import type { Event, Event_EventType as EventType, KeyValue } from "../gen/mvccpb/kv_pb.ts";

/**
 * What `fromBinary` makes of a WatchResponse, without fields that we do not know, in a third of the time: reflection
 * costs more than the reading, and events are what a client of etcd reads most. Throws for malformed bytes.
 */
export function readWatchResponse(bytes: Uint8Array): WatchResponse {
  const reader = new Reader(bytes);
  const response: WatchResponse = {
    $typeName: "etcdserverpb.WatchResponse",
    header: undefined,
    watchId: 0n,
    created: false,
    canceled: false,
    compactRevision: 0n,
    cancelReason: "",
    fragment: false,
    events: [],
  };
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1) response.header = readHeader(reader, reader.end());
    else if (field === 2) response.watchId = reader.int64() as bigint;
    else if (field === 3) response.created = reader.bool();
    else if (field === 4) response.canceled = reader.bool();
    else if (field === 5) response.compactRevision = reader.int64() as bigint;
    else if (field === 6) response.cancelReason = reader.string();
    else if (field === 7) response.fragment = reader.bool();
    else if (field === 11) response.events.push(readEvent(reader, reader.end()));
    else reader.skip(wireType, field);
  }
  reader.check(reader.len);
  return response;
}

function readHeader(reader: Reader, end: number): ResponseHeader {
  const header: ResponseHeader = {
    $typeName: "etcdserverpb.ResponseHeader",
    clusterId: 0n,
    memberId: 0n,
    revision: 0n,
    raftTerm: 0n,
  };
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    if (field === 1) header.clusterId = reader.uint64() as bigint;
    else if (field === 2) header.memberId = reader.uint64() as bigint;
    else if (field === 3) header.revision = reader.int64() as bigint;
    else if (field === 4) header.raftTerm = reader.uint64() as bigint;
    else reader.skip(wireType, field);
  }
  reader.check(end);
  return header;
}

function readEvent(reader: Reader, end: number): Event {
  const event: Event = { $typeName: "mvccpb.Event", type: 0, kv: undefined, prevKv: undefined };
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    if (field === 1) event.type = reader.int32() as EventType;
    else if (field === 2) event.kv = readKeyValue(reader, reader.end());
    else if (field === 3) event.prevKv = readKeyValue(reader, reader.end());
    else reader.skip(wireType, field);
  }
  reader.check(end);
  return event;
}

function readKeyValue(reader: Reader, end: number): KeyValue {
  const kv: KeyValue = {
    $typeName: "mvccpb.KeyValue",
    key: nothing,
    createRevision: 0n,
    modRevision: 0n,
    version: 0n,
    value: nothing,
    lease: 0n,
  };
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    if (field === 1) kv.key = reader.own();
    else if (field === 2) kv.createRevision = reader.int64() as bigint;
    else if (field === 3) kv.modRevision = reader.int64() as bigint;
    else if (field === 4) kv.version = reader.int64() as bigint;
    else if (field === 5) kv.value = reader.own();
    else if (field === 6) kv.lease = reader.int64() as bigint;
    else reader.skip(wireType, field);
  }
  reader.check(end);
  return kv;
}

const nothing = new Uint8Array();

class Reader extends BinaryReader {
  readonly #bytes: Uint8Array;
  #copy = nothing;
  #copiedAt = 0;
  #copiedTo = 0;

  constructor(bytes: Uint8Array) {
    super(bytes);
    this.#bytes = bytes;
  }

  /** Where the message that is next ends. */
  end(): number {
    const length = this.uint32();
    const end = this.pos + length;
    if (end > this.len) throw new RangeError("premature EOF");
    return end;
  }

  /** The bytes that are next: a view into a copy of them and what follows, not into the whole response. */
  own(): Uint8Array {
    const end = this.end();
    const at = this.pos;
    if (end > this.#copiedTo) {
      this.#copiedTo = Math.max(end, Math.min(at + mostShared, this.len));
      this.#copy = this.#bytes.slice(at, this.#copiedTo);
      this.#copiedAt = at;
    }
    this.pos = end;
    return this.#copy.subarray(at - this.#copiedAt, end - this.#copiedAt);
  }

  /** A message is over where its length said. */
  check(end: number): void {
    if (this.pos !== end) throw new RangeError("a field reaches beyond its message");
  }
}
