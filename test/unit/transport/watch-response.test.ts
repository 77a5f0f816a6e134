import { test } from "node:test";
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { expect } from "chai";
import fc from "fast-check";
import { type WatchResponse, WatchResponseSchema } from "../../../src/gen/etcdserverpb/watch_pb.ts";
import { readWatchResponse } from "../../../src/transport/watch-response.ts";

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const bytes = fc.uint8Array({ maxLength: 200 });
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const keyValue = fc.record({
  key: bytes,
  createRevision: int64,
  modRevision: int64,
  version: int64,
  value: bytes,
  lease: int64,
});
const event = fc.record({ type: fc.constantFrom(0, 1, 7), kv: optional(keyValue), prevKv: optional(keyValue) });
const response = fc.record({
  header: optional(fc.record({ clusterId: uint64, memberId: uint64, revision: int64, raftTerm: uint64 })),
  watchId: int64,
  created: fc.boolean(),
  canceled: fc.boolean(),
  compactRevision: int64,
  cancelReason: fc.string({ unit: "grapheme", maxLength: 40 }),
  fragment: fc.boolean(),
  events: fc.array(event, { maxLength: 5 }),
});

test("a watch's answers are read as protobuf-es reads them", () => {
  fc.assert(
    fc.property(response, (fields) => {
      const encoded = toBinary(
        WatchResponseSchema,
        create(WatchResponseSchema, fields as MessageInitShape<typeof WatchResponseSchema>),
      );
      expect(plain(readWatchResponse(encoded))).to.deep.equal(plain(fromBinary(WatchResponseSchema, encoded)));
    }),
  );
});

test("a field that a later etcd may add is passed over, wherever it stands", () => {
  const unknown = (writer: BinaryWriter): BinaryWriter =>
    writer.tag(99, WireType.LengthDelimited).string("new").tag(100, WireType.Varint).uint32(300);
  const kv = unknown(new BinaryWriter()).tag(3, WireType.Varint).int64(5).finish();
  const added = unknown(new BinaryWriter()).tag(2, WireType.LengthDelimited).bytes(kv).finish();
  const header = unknown(new BinaryWriter()).tag(3, WireType.Varint).int64(6).finish();
  const encoded = unknown(new BinaryWriter())
    .tag(1, WireType.LengthDelimited)
    .bytes(header)
    .tag(11, WireType.LengthDelimited)
    .bytes(added)
    .finish();
  const read = readWatchResponse(encoded);
  expect([read.header?.revision, read.events[0]?.kv?.modRevision]).to.deep.equal([6n, 5n]);
});

test("a key or value of a watch holds on to 1 KiB at the most, or to itself alone", () => {
  const sizes = [0, 3, 100, 1023, 1024, 1025, 100_000];
  const pairs = sizes.flatMap((key) =>
    sizes.map((value) => ({ key: new Uint8Array(key), value: new Uint8Array(value) })),
  );
  const events = pairs.map((kv) => ({ kv, prevKv: kv }));
  const encoded = toBinary(WatchResponseSchema, create(WatchResponseSchema, { events }));
  for (const { kv, prevKv } of readWatchResponse(encoded).events) {
    for (const bytes of [kv?.key, kv?.value, prevKv?.key, prevKv?.value]) {
      const { length = 0, buffer } = bytes ?? {};
      expect(buffer?.byteLength).to.be.at.most(Math.max(length, 1024));
    }
  }
});

test("what is cut off, or reaches beyond its message, is refused", () => {
  const header = { clusterId: 1n, revision: 300n };
  const events = [{ kv: { key: Uint8Array.of(1), value: Uint8Array.of(2, 3), modRevision: 300n } }];
  const encoded = toBinary(WatchResponseSchema, create(WatchResponseSchema, { header, watchId: 9n, events }));
  const ends = new Set([0, 2 + (encoded[1] ?? 0), 4 + (encoded[1] ?? 0), encoded.length]); // between two fields
  for (let length = 0; length < encoded.length; length++) {
    const read = (): unknown => readWatchResponse(encoded.slice(0, length));
    if (ends.has(length)) expect(read).not.to.throw();
    else expect(read, `${length} bytes`).to.throw(/premature EOF|beyond its message|invalid varint/);
  }
  const inner = Uint8Array.of(10, 2, 16, 0x80, 24, 1); // the header's last number goes on after the header
  expect(() => readWatchResponse(inner)).to.throw("beyond its message");
});

/** Without prototypes and what is not known. */
function plain(message: WatchResponse): unknown {
  const { header, events, ...rest } = message;
  return { ...rest, header: header && { ...header }, events: events.map(plainEvent) };
}

function plainEvent({ type, kv, prevKv }: WatchResponse["events"][number]): unknown {
  return { type, kv: kv && { ...kv }, prevKv: prevKv && { ...prevKv } };
}
