import { describe, test } from "node:test";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { expect } from "chai";
import {
  type CompareSchema,
  type RequestOpSchema,
  Compare_CompareResult as Result,
  Compare_CompareTarget as Target,
  type TxnRequestSchema,
} from "../../../src/gen/etcdserverpb/kv_pb.ts";
import { bytes, fromKey, refusal, startMemory, text } from "./fixture.ts";

type Compare = MessageInitShape<typeof CompareSchema>;
type Op = MessageInitShape<typeof RequestOpSchema>;
type Txn = MessageInitShape<typeof TxnRequestSchema>;

const put = (key: string, value = ""): Op => ({
  request: { case: "requestPut", value: { key: bytes(key), value: bytes(value) } },
});
const get = (key: string, more = {}): Op => ({
  request: { case: "requestRange", value: { key: bytes(key), ...more } },
});
const del = (key: string, rangeEnd = ""): Op => ({
  request: { case: "requestDeleteRange", value: { key: bytes(key), rangeEnd: bytes(rangeEnd) } },
});
const nested = (value: Txn): Op => ({ request: { case: "requestTxn", value } });

const value = (key: string, result: Result, given: string): Compare => ({
  key: bytes(key),
  target: Target.VALUE,
  result,
  targetUnion: { case: "value", value: bytes(given) },
});
const versionOf = (key: string, result: Result, given: bigint): Compare => ({
  key: bytes(key),
  target: Target.VERSION,
  result,
  targetUnion: { case: "version", value: given },
});
const mod = (key: string, result: Result, given: bigint): Compare => ({
  key: bytes(key),
  target: Target.MOD,
  result,
  targetUnion: { case: "modRevision", value: given },
});
const created = (key: string, result: Result, given: bigint): Compare => ({
  key: bytes(key),
  target: Target.CREATE,
  result,
  targetUnion: { case: "createRevision", value: given },
});
const leased = (key: string, result: Result, given: bigint): Compare => ({
  key: bytes(key),
  target: Target.LEASE,
  result,
  targetUnion: { case: "lease", value: given },
});
const over = (compare: Compare, rangeEnd: string): Compare => ({ ...compare, rangeEnd: bytes(rangeEnd) });
const { EQUAL, GREATER, LESS, NOT_EQUAL } = Result;

// a: version 2, created 2, modified 3, "two", lease 7. b: version 1, revision 4, "b".
async function fill() {
  const memory = startMemory();
  await memory.lease.leaseGrant({ ID: 7n, TTL: 60n });
  await memory.kv.put({ key: bytes("a"), value: bytes("one") });
  await memory.kv.put({ key: bytes("a"), value: bytes("two"), lease: 7n });
  await memory.kv.put({ key: bytes("b"), value: bytes("b") });
  return memory;
}

describe("txn() compares", () => {
  const rows: readonly (readonly [string, readonly Compare[], boolean])[] = [
    ["nothing", [], true],
    ["an equal value", [value("a", EQUAL, "two")], true],
    ["another value", [value("a", EQUAL, "one")], false],
    ["a value that differs", [value("a", NOT_EQUAL, "one")], true],
    ["a greater value", [value("a", GREATER, "tw")], true],
    ["a lesser value", [value("a", LESS, "twp")], true],
    ["the version", [versionOf("a", EQUAL, 2n)], true],
    ["a lesser version", [versionOf("a", LESS, 2n)], false],
    ["the create revision", [created("a", EQUAL, 2n)], true],
    ["a greater mod revision", [mod("a", GREATER, 2n)], true],
    ["the lease", [leased("a", EQUAL, 7n)], true],
    ["no lease", [leased("b", EQUAL, 0n)], true],
    ["a missing key's version as 0", [versionOf("x", EQUAL, 0n)], true],
    ["a missing key's revisions as 0", [created("x", LESS, 1n), mod("x", EQUAL, 0n)], true],
    ["a missing key's lease as 0", [leased("x", NOT_EQUAL, 7n)], true],
    ["a missing key's value as never equal", [value("x", EQUAL, "")], false],
    ["a missing key's value as not even different", [value("x", NOT_EQUAL, "v")], false],
    ["several of which one fails", [versionOf("a", EQUAL, 2n), versionOf("b", EQUAL, 2n)], false],
    ["a range that holds", [over(mod("a", GREATER, 2n), "c")], true],
    ["a range of which one key fails", [over(versionOf("a", EQUAL, 2n), "c")], false],
    ["a range to the end", [over(versionOf("a", GREATER, 0n), "\0")], true],
    [
      "an empty range as a missing key",
      [over(versionOf("x", EQUAL, 0n), "z"), over(versionOf("x", NOT_EQUAL, 1n), "z")],
      true,
    ],
    ["no given value as 0", [{ key: bytes("x"), target: Target.VERSION, result: EQUAL }], true],
  ];
  for (const [name, compare, expected] of rows) {
    test(name, async () => {
      const { kv } = await fill();
      expect((await kv.txn({ compare: [...compare] })).succeeded).to.equal(expected);
    });
  }
});

describe("txn()", () => {
  test("writes all in one revision, in request order, and reads see earlier writes", async () => {
    const { kv } = await fill();
    const answer = await kv.txn({ success: [get("n"), put("n", "1"), get("n"), del("a"), get("a"), del("x")] });
    const results = answer.responses.map(({ response }) => response);
    const counts = results.flatMap((result) => (result.case === "responseRange" ? [result.value.count] : []));
    expect(counts).to.deep.equal([0n, 1n, 0n]);
    expect(results.map((result) => result.value?.header?.revision)).to.deep.equal([4n, 5n, 5n, 5n, 5n, 5n]);
    expect(answer.header?.revision).to.equal(5n);
    expect((await kv.range({ key: bytes("n") })).kvs[0]?.modRevision).to.equal(5n);
  });

  test("runs the failure list where a compare fails, and makes no revision without a write", async () => {
    const { kv } = await fill();
    const answer = await kv.txn({
      compare: [versionOf("a", EQUAL, 9n)],
      success: [put("s")],
      failure: [get("a"), del("x")],
    });
    expect([answer.succeeded, answer.header?.revision, answer.responses.length]).to.deep.equal([false, 4n, 2]);
  });

  test("puts only the revision into inner headers, and nothing into a nested one", async () => {
    const { kv } = await fill();
    const answer = await kv.txn({ success: [put("n"), nested({ success: [get("n")] })] });
    const headers = answer.responses.map(({ response }) => response.value?.header);
    expect(headers.map((header) => [header?.revision, header?.clusterId, header?.raftTerm])).to.deep.equal([
      [5n, 0n, 0n],
      [0n, 0n, 0n],
    ]);
    expect(answer.header?.clusterId).to.not.equal(0n);
  });

  test("decides nested compares before the first write", async () => {
    const { kv } = await fill();
    const inner = nested({ compare: [versionOf("n", EQUAL, 0n)], success: [get("n")], failure: [put("wrong")] });
    const answer = await kv.txn({ success: [put("n", "1"), inner] });
    const result = answer.responses[1]?.response;
    if (result?.case !== "responseTxn") throw new Error("no nested answer");
    expect(result.value.succeeded).to.equal(true);
    const [read] = result.value.responses;
    expect(read?.response.case === "responseRange" && text(read.response.value.kvs[0]?.value)).to.equal("1");
  });

  test("writes nothing where one of its operations cannot run", async () => {
    const { kv } = await fill();
    await kv.compact({ revision: 3n });
    const rows: readonly (readonly [Op, readonly string[]])[] = [
      [
        { request: { case: "requestPut", value: { key: bytes("k"), lease: 99n } } },
        ["NotFound", "etcdserver: requested lease not found"],
      ],
      [
        { request: { case: "requestPut", value: { key: bytes("k"), ignoreValue: true } } },
        ["InvalidArgument", "etcdserver: key not found"],
      ],
      [get("a", { revision: 99n }), ["OutOfRange", "etcdserver: mvcc: required revision is a future revision"]],
      [get("a", { revision: 2n }), ["OutOfRange", "etcdserver: mvcc: required revision has been compacted"]],
      [
        nested({ success: [get("a", { revision: 2n })] }),
        ["OutOfRange", "etcdserver: mvcc: required revision has been compacted"],
      ],
    ];
    for (const [op, expected] of rows) {
      expect(await refusal(kv.txn({ success: [put("n"), op] }))).to.deep.equal(expected);
    }
    expect((await kv.range({ key: bytes("n") })).header?.revision).to.equal(4n);
  });
});

describe("txn() refuses", () => {
  const duplicate = ["InvalidArgument", "etcdserver: duplicate key given in txn request"];
  const tooMany = ["InvalidArgument", "etcdserver: too many operations in txn request"];
  const emptyKey = ["InvalidArgument", "etcdserver: key is not provided"];
  const reads = (count: number): Op[] => Array.from({ length: count }, () => get("a"));

  const rows: readonly (readonly [string, Txn, readonly string[] | undefined])[] = [
    ["a key put twice", { success: [put("k"), put("k")] }, duplicate],
    ["a key put twice in the failure list", { failure: [put("k"), put("k")] }, duplicate],
    ["a key put and deleted", { success: [put("k"), del("k")] }, duplicate],
    ["a key put and deleted by a range", { success: [del("a", "z"), put("k")] }, duplicate],
    ["not: a key put just behind the range deleted", { success: [del("a", "k"), put("k")] }, undefined],
    ["not: the same delete twice", { success: [del("k"), del("k")] }, undefined],
    ["not: a key put in both lists", { success: [put("k")], failure: [put("k")] }, undefined],
    [
      "not: a put beside a delete from a key on, which etcd lets pass",
      { success: [del("a", "\0"), put("k")] },
      undefined,
    ],
    ["a key put outside and inside", { success: [put("k"), nested({ success: [put("k")] })] }, duplicate],
    [
      "not: a key put in both lists inside",
      { success: [nested({ success: [put("k")], failure: [put("k")] })] },
      undefined,
    ],
    [
      "a key put in two inner ones",
      { success: [nested({ success: [put("k")] }), nested({ failure: [put("k")] })] },
      duplicate,
    ],
    ["a key put inside that is deleted outside", { success: [del("k"), nested({ success: [put("k")] })] }, duplicate],
    ["a key put after an inner delete", { success: [nested({ failure: [del("k")] }), put("k")] }, duplicate],
    [
      "not: an inner delete after an inner put",
      { success: [nested({ success: [put("k")] }), nested({ success: [del("k")] })] },
      undefined,
    ],
    ["129 operations", { success: reads(129) }, tooMany],
    ["129 compares", { compare: Array.from({ length: 129 }, () => versionOf("a", EQUAL, 2n)) }, tooMany],
    ["not: 128 operations in each list", { success: reads(128), failure: reads(128) }, undefined],
    ["more inside than the outer leaves", { success: [...reads(27), nested({ success: reads(101) })] }, tooMany],
    [
      "not: as much inside as the outer leaves",
      { success: [...reads(27), nested({ success: reads(100) })] },
      undefined,
    ],
    ["a compare without a key", { compare: [versionOf("", EQUAL, 0n)] }, emptyKey],
    ["an operation without a key, even in the list that does not run", { failure: [get("")] }, emptyKey],
    [
      "an empty operation",
      { success: [{ request: { case: undefined } }] },
      ["InvalidArgument", "etcdserver: key not found"],
    ],
    [
      "not: a read of more than 1.5 MiB, which is not written to the log",
      { success: [get("k".repeat(1_700_000))] },
      undefined,
    ],
    [
      "more than 1.5 MiB in all",
      { success: [put("x", "v".repeat(800_000)), put("y", "v".repeat(800_000))] },
      ["InvalidArgument", "etcdserver: request is too large"],
    ],
  ];
  for (const [name, request, expected] of rows) {
    test(name, async () => {
      const { kv } = await fill();
      if (expected === undefined) await kv.txn(request);
      else expect(await refusal(kv.txn(request))).to.deep.equal(expected);
    });
  }
});

test("a key written twice in one revision by way of etcd's gap reads as its last write", async () => {
  const { kv } = await fill();
  await kv.txn({ success: [put("k", "gone"), del("k", "\0")] });
  expect((await kv.range({ key: bytes("k") })).count).to.equal(0n);
  await kv.txn({ success: [del("\0", "\0"), put("a", "new")] });
  const { kvs } = await kv.range({ key: fromKey, rangeEnd: fromKey });
  expect(kvs.map(({ key, version, createRevision }) => [text(key), version, createRevision])).to.deep.equal([
    ["a", 1n, 6n],
  ]);
});
