import { before, describe, test } from "node:test";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { expect } from "chai";
import {
  RangeRequest_SortOrder as Order,
  type RangeRequestSchema,
  RangeRequest_SortTarget as Target,
} from "../../../src/gen/etcdserverpb/kv_pb.ts";
import { bytes, collect, type Fixture, fromKey, refusal, startMemory, text } from "./fixture.ts";

type Request = MessageInitShape<typeof RangeRequestSchema>;

// Revisions: 2 c, 3 a, 4 b, 5 a again, 6 d with a lease, 7 d deleted, 8 d again, 9 e.
async function fill(): Promise<Fixture> {
  const memory = startMemory();
  const put = (key: string, value: string, lease = 0n): Promise<unknown> =>
    memory.kv.put({ key: bytes(key), value: bytes(value), lease });
  await memory.lease.leaseGrant({ ID: 7n, TTL: 100n });
  await put("c", "3");
  await put("a", "9");
  await put("b", "1");
  await put("a", "2");
  await put("d", "x", 7n);
  await memory.kv.deleteRange({ key: bytes("d") });
  await put("d", "4", 7n);
  await put("e", "0");
  return memory;
}

const all = { key: fromKey, rangeEnd: fromKey };

interface Row {
  readonly name: string;
  readonly request: Request;
  readonly keys: string;
  readonly count: bigint;
  readonly more?: boolean;
}

const rows: readonly Row[] = [
  { name: "one key", request: { key: bytes("a") }, keys: "a", count: 1n },
  { name: "a missing key", request: { key: bytes("x") }, keys: "", count: 0n },
  { name: "[b, d)", request: { key: bytes("b"), rangeEnd: bytes("d") }, keys: "bc", count: 2n },
  { name: "an empty range", request: { key: bytes("d"), rangeEnd: bytes("b") }, keys: "", count: 0n },
  { name: "from c on", request: { key: bytes("c"), rangeEnd: fromKey }, keys: "cde", count: 3n },
  { name: "everything", request: all, keys: "abcde", count: 5n },
  { name: "limit 0 as no limit", request: { ...all, limit: 0n }, keys: "abcde", count: 5n },
  { name: "a limit, counting on", request: { ...all, limit: 2n }, keys: "ab", count: 5n, more: true },
  { name: "a limit just reached without more", request: { ...all, limit: 5n }, keys: "abcde", count: 5n },
  { name: "revision 4", request: { ...all, revision: 4n }, keys: "abc", count: 3n },
  { name: "a revision at which d is deleted", request: { key: bytes("d"), revision: 7n }, keys: "", count: 0n },
  { name: "a negative revision as now", request: { ...all, revision: -1n }, keys: "abcde", count: 5n },
  {
    name: "a limit at a past revision",
    request: { ...all, revision: 6n, limit: 1n },
    keys: "a",
    count: 4n,
    more: true,
  },
  { name: "count only", request: { ...all, countOnly: true, limit: 1n }, keys: "", count: 5n },
  { name: "count only over keys only", request: { ...all, countOnly: true, keysOnly: true }, keys: "", count: 5n },
  { name: "count only at a past revision", request: { ...all, countOnly: true, revision: 2n }, keys: "", count: 1n },
  { name: "keys descending", request: { ...all, sortOrder: Order.DESCEND }, keys: "edcba", count: 5n },
  { name: "keys ascending", request: { ...all, sortOrder: Order.ASCEND }, keys: "abcde", count: 5n },
  {
    name: "values ascending",
    request: { ...all, sortTarget: Target.VALUE, sortOrder: Order.ASCEND },
    keys: "ebacd",
    count: 5n,
  },
  { name: "values in no order as ascending", request: { ...all, sortTarget: Target.VALUE }, keys: "ebacd", count: 5n },
  {
    name: "mod revisions descending, limited after the sort",
    request: { ...all, sortTarget: Target.MOD, sortOrder: Order.DESCEND, limit: 2n },
    keys: "ed",
    count: 5n,
    more: true,
  },
  // Reads c, b and a (one more than the limit), then sorts these by mod revision: c 2, b 4, a 5.
  {
    name: "mod revisions in no order, limited before the sort",
    request: { ...all, sortTarget: Target.MOD, limit: 2n },
    keys: "cb",
    count: 5n,
    more: true,
  },
  {
    name: "create revisions ascending",
    request: { ...all, sortTarget: Target.CREATE, sortOrder: Order.ASCEND },
    keys: "cabde",
    count: 5n,
  },
  {
    name: "versions descending, equals by key",
    request: { ...all, sortTarget: Target.VERSION, sortOrder: Order.DESCEND },
    keys: "abcde",
    count: 5n,
  },
  { name: "min mod revision", request: { ...all, minModRevision: 5n }, keys: "ade", count: 5n },
  { name: "max mod revision", request: { ...all, maxModRevision: 5n }, keys: "abc", count: 5n },
  {
    name: "min and max create revision",
    request: { ...all, minCreateRevision: 3n, maxCreateRevision: 8n },
    keys: "abd",
    count: 5n,
  },
  {
    name: "a filter before the limit",
    request: { ...all, minModRevision: 5n, limit: 1n },
    keys: "a",
    count: 5n,
    more: true,
  },
  {
    name: "a filter that leaves no more than the limit",
    request: { ...all, minModRevision: 9n, limit: 1n },
    keys: "e",
    count: 5n,
  },
];

describe("range()", () => {
  let memory: Fixture;
  before(async () => {
    memory = await fill();
  });

  for (const { name, request, keys, count, more = false } of rows) {
    test(`answers ${name}`, async () => {
      const answer = await memory.kv.range(request);
      expect(answer.kvs.map(({ key }) => text(key)).join("")).to.equal(keys);
      expect([answer.count, answer.more, answer.header?.revision]).to.deep.equal([count, more, 9n]);
    });
  }

  test("keeps the lease out of keys-only answers, unless sorted by value", async () => {
    const request = { key: bytes("d"), keysOnly: true };
    const [fromIndex, read] = [
      await memory.kv.range(request),
      await memory.kv.range({ ...request, sortTarget: Target.VALUE }),
    ];
    expect(fromIndex.kvs[0]).to.include({ lease: 0n, version: 1n, createRevision: 8n, modRevision: 8n });
    expect(read.kvs[0]?.lease).to.equal(7n);
    expect([...fromIndex.kvs, ...read.kvs].map(({ value }) => value.length)).to.deep.equal([0, 0]);
  });

  test("counts at a revision far back as at a near one", async () => {
    const old = await fill();
    const before = await old.kv.range({ ...all, revision: 6n, countOnly: true });
    for (let number = 0; number < 10_001; number++) {
      old.server.core.store.write((writer) => writer.put(bytes(`n${number % 100}`), bytes(""), 0n));
    }
    expect([before.count, (await old.kv.range({ ...all, revision: 6n, countOnly: true })).count]).to.deep.equal([
      4n,
      4n,
    ]);
    expect((await old.kv.range({ ...all, revision: 10_000n, countOnly: true })).count).to.equal(105n);
  });

  const refusals: readonly (readonly [string, Request, readonly [string, string]])[] = [
    ["an empty key", {}, ["InvalidArgument", "etcdserver: key is not provided"]],
    [
      "a future revision",
      { ...all, revision: 10n },
      ["OutOfRange", "etcdserver: mvcc: required revision is a future revision"],
    ],
    [
      "an unknown sort order",
      { ...all, sortOrder: 3 as Order },
      ["InvalidArgument", "etcdserver: invalid sort option"],
    ],
    [
      "an unknown sort target",
      { ...all, sortTarget: 5 as Target },
      ["InvalidArgument", "etcdserver: invalid sort option"],
    ],
  ];
  for (const [name, request, expected] of refusals) {
    test(`refuses ${name}`, async () => {
      expect(await refusal(memory.kv.range(request))).to.deep.equal(expected);
    });
  }
});

describe("rangeStream()", () => {
  test("sends growing chunks of one revision, with header, more and count in the last", async () => {
    const memory = startMemory();
    for (let number = 0; number < 35; number++)
      await memory.kv.put({ key: bytes(`k${String(number).padStart(2, "0")}`) });
    const chunks = [];
    for await (const { rangeResponse } of memory.kv.rangeStream({ ...all, limit: 33n })) {
      if (chunks.length === 0) await memory.kv.put({ key: bytes("k05x") });
      chunks.push(rangeResponse);
    }
    expect(chunks.map((chunk) => chunk?.kvs.length)).to.deep.equal([10, 20, 3]);
    expect(chunks.map((chunk) => chunk?.header?.revision)).to.deep.equal([undefined, undefined, 36n]);
    expect(chunks.at(-1)).to.include({ more: true, count: 35n });
  });

  const unsupported: readonly (readonly [Request, string])[] = [
    [{ ...all, sortOrder: Order.DESCEND }, "RangeStream does not support custom sort orders"],
    [{ ...all, minModRevision: 1n }, "RangeStream does not support revision filters"],
  ];
  for (const [request, reason] of unsupported) {
    test(`refuses: ${reason}`, async () => {
      const { kv } = startMemory();
      expect(await refusal(collect(kv.rangeStream(request)))).to.deep.equal(["Unimplemented", reason]);
    });
  }

  test("fails when its revision is compacted on the way", async () => {
    const memory = startMemory();
    for (let number = 0; number < 35; number++) await memory.kv.put({ key: bytes(`k${number}`) });
    const chunks = memory.kv.rangeStream(all)[Symbol.asyncIterator]();
    await chunks.next();
    await memory.kv.put({ key: bytes("x") });
    await memory.kv.compact({ revision: 37n });
    const rest = async (): Promise<void> => {
      while (!(await chunks.next()).done);
    };
    expect(await refusal(rest())).to.deep.equal([
      "OutOfRange",
      "etcdserver: mvcc: required revision has been compacted",
    ]);
  });
});
