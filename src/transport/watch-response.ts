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
    const field = reader.field();
    if (field === 1) response.header = readHeader(reader, reader.end());
    else if (field === 2) response.watchId = reader.int64();
    else if (field === 3) response.created = reader.bool();
    else if (field === 4) response.canceled = reader.bool();
    else if (field === 5) response.compactRevision = reader.int64();
    else if (field === 6) response.cancelReason = reader.string();
    else if (field === 7) response.fragment = reader.bool();
    else if (field === 11) response.events.push(readEvent(reader, reader.end()));
    else reader.pass(field);
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
    const field = reader.field();
    if (field === 1) header.clusterId = reader.uint64() as bigint;
    else if (field === 2) header.memberId = reader.uint64() as bigint;
    else if (field === 3) header.revision = reader.int64();
    else if (field === 4) header.raftTerm = reader.uint64() as bigint;
    else reader.pass(field);
  }
  reader.check(end);
  return header;
}

function readEvent(reader: Reader, end: number): Event {
  const event: Event = { $typeName: "mvccpb.Event", type: 0, kv: undefined, prevKv: undefined };
  while (reader.pos < end) {
    const field = reader.field();
    if (field === 1) event.type = reader.int32() as EventType;
    else if (field === 2) event.kv = readKeyValue(reader, reader.end());
    else if (field === 3) event.prevKv = readKeyValue(reader, reader.end());
    else reader.pass(field);
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
    const field = reader.field();
    if (field === 1) kv.key = reader.own();
    else if (field === 2) kv.createRevision = reader.int64();
    else if (field === 3) kv.modRevision = reader.int64();
    else if (field === 4) kv.version = reader.int64();
    else if (field === 5) kv.value = reader.own();
    else if (field === 6) kv.lease = reader.int64();
    else reader.pass(field);
  }
  reader.check(end);
  return kv;
}

const nothing = new Uint8Array();

/** protobuf-es's reader, quicker where an event's fields are all alike: tags of one byte, revisions far below 2^49. */
class Reader extends BinaryReader {
  readonly #bytes: Uint8Array;
  #wireType = 0;
  #copy = nothing;
  #copiedAt = 0;
  #copiedTo = 0;

  constructor(bytes: Uint8Array) {
    super(bytes);
    this.#bytes = bytes;
  }

  /** The number of the field that is next. */
  field(): number {
    const tag = this.#bytes[this.pos] as number;
    if (tag < 8 || tag >= 0x80 || (tag & 7) > 5) return this.#anyField();
    this.pos++;
    this.#wireType = tag & 7;
    return tag >>> 3;
  }

  /** Passes over that field, which nobody knows. */
  pass(field: number): void {
    this.skip(this.#wireType, field);
  }

  override int64(): bigint {
    let [value, scale, at] = [0, 1, this.pos];
    for (const end = at + 7; at < end; scale *= 0x80) {
      const byte = this.#bytes[at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        this.pos = at;
        return BigInt(value);
      }
    }
    return super.int64() as bigint;
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

  #anyField(): number {
    const [field, wireType] = this.tag();
    this.#wireType = wireType;
    return field;
  }

  /** A message is over where its length said. */
  check(end: number): void {
    if (this.pos !== end) throw new RangeError("a field reaches beyond its message");
  }
}
