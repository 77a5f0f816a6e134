import { describe, test } from "node:test";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { expect } from "chai";
import type { PutRequestSchema } from "../../../src/gen/etcdserverpb/kv_pb.ts";
import { bytes, fromKey, refusal, startMemory, text } from "./fixture.ts";

describe("put()", () => {
  test("numbers revisions from 2, and versions from 1 after each delete", async () => {
    const { kv } = startMemory();
    const key = bytes("k");
    expect((await kv.range({ key })).header?.revision).to.equal(1n);
    expect((await kv.put({ key })).header?.revision).to.equal(2n);
    await kv.put({ key, value: bytes("two") });
    expect((await kv.range({ key })).kvs[0]).to.include({ createRevision: 2n, modRevision: 3n, version: 2n });
    await kv.deleteRange({ key });
    await kv.put({ key });
    expect((await kv.range({ key })).kvs[0]).to.include({ createRevision: 5n, modRevision: 5n, version: 1n });
  });

  test("returns the previous value only when asked and where there is one", async () => {
    const { kv } = startMemory();
    const key = bytes("k");
    expect((await kv.put({ key, value: bytes("1"), prevKv: true })).prevKv).to.equal(undefined);
    expect((await kv.put({ key, value: bytes("2") })).prevKv).to.equal(undefined);
    expect(text((await kv.put({ key, value: bytes("3"), prevKv: true })).prevKv?.value)).to.equal("2");
  });

  test("keeps value or lease where told to, and detaches the lease where not", async () => {
    const { kv, lease } = startMemory();
    const key = bytes("k");
    await lease.leaseGrant({ ID: 7n, TTL: 60n });
    const now = async () => (await kv.range({ key })).kvs[0];
    await kv.put({ key, value: bytes("1"), lease: 7n });
    await kv.put({ key, value: bytes("2"), ignoreLease: true });
    expect(await now()).to.include({ lease: 7n, version: 2n });
    await kv.put({ key, ignoreValue: true });
    expect(text((await now())?.value)).to.equal("2");
    expect((await now())?.lease).to.equal(0n);
    expect((await lease.leaseTimeToLive({ ID: 7n, keys: true })).keys).to.deep.equal([]);
  });

  // A log entry of 1.5 MiB, less what is not value: 14 bytes of header, 4 around the put, 3 for the key, 4 before the value.
  const largest = 1.5 * 1024 * 1024 - 25;
  const huge = new Uint8Array(2 * 1024 * 1024);
  const refusals: readonly (readonly [string, MessageInitShape<typeof PutRequestSchema>, string, string])[] = [
    ["an empty key", { value: bytes("v") }, "InvalidArgument", "etcdserver: key is not provided"],
    [
      "a value it is to ignore",
      { key: bytes("k"), value: bytes("v"), ignoreValue: true },
      "InvalidArgument",
      "etcdserver: value is provided",
    ],
    [
      "a lease it is to ignore",
      { key: bytes("k"), lease: 1n, ignoreLease: true },
      "InvalidArgument",
      "etcdserver: lease is provided",
    ],
    [
      "to keep a value that is missing",
      { key: bytes("x"), ignoreValue: true },
      "InvalidArgument",
      "etcdserver: key not found",
    ],
    [
      "to keep a lease that is missing",
      { key: bytes("x"), ignoreLease: true },
      "InvalidArgument",
      "etcdserver: key not found",
    ],
    ["an unknown lease", { key: bytes("k"), lease: 99n }, "NotFound", "etcdserver: requested lease not found"],
    [
      "what makes a log entry of more than 1.5 MiB",
      { key: bytes("k"), value: new Uint8Array(largest + 1) },
      "InvalidArgument",
      "etcdserver: request is too large",
    ],
    // key: 1 + 1 + 1 bytes, value: 1 + 4 + 2^21
    [
      "2 MiB",
      { key: bytes("k"), value: huge },
      "ResourceExhausted",
      "grpc: received message larger than max (2097160 vs. 2097152)",
    ],
  ];
  for (const [name, request, code, reason] of refusals) {
    test(`refuses ${name}, and writes nothing`, async () => {
      const { kv } = startMemory();
      expect(await refusal(kv.put(request))).to.deep.equal([code, reason]);
      expect((await kv.range({ key: bytes("k") })).header?.revision).to.equal(1n);
    });
  }

  test("takes the largest value", async () => {
    const { kv } = startMemory();
    await kv.put({ key: bytes("k"), value: new Uint8Array(largest) });
  });
});

describe("deleteRange()", () => {
  test("deletes a range in one revision, and returns what was there", async () => {
    const { kv } = startMemory();
    for (const key of ["a", "b", "c"]) await kv.put({ key: bytes(key), value: bytes(key) });
    const answer = await kv.deleteRange({ key: bytes("a"), rangeEnd: bytes("c"), prevKv: true });
    expect([answer.deleted, answer.header?.revision]).to.deep.equal([2n, 5n]);
    expect(answer.prevKvs.map(({ value }) => text(value))).to.deep.equal(["a", "b"]);
    expect((await kv.range({ key: fromKey, rangeEnd: fromKey })).count).to.equal(1n);
  });

  test("makes no revision where there is nothing to delete", async () => {
    const { kv } = startMemory();
    await kv.put({ key: bytes("a") });
    await kv.deleteRange({ key: bytes("a") });
    const again = await kv.deleteRange({ key: bytes("a") });
    expect([again.deleted, again.header?.revision]).to.deep.equal([0n, 3n]);
  });

  test("refuses an empty key", async () => {
    const { kv } = startMemory();
    expect(await refusal(kv.deleteRange({}))).to.deep.equal(["InvalidArgument", "etcdserver: key is not provided"]);
  });
});

describe("compact()", () => {
  const compacted = ["OutOfRange", "etcdserver: mvcc: required revision has been compacted"];
  const future = ["OutOfRange", "etcdserver: mvcc: required revision is a future revision"];

  test("keeps its own revision readable, and refuses what came before", async () => {
    const { kv } = startMemory();
    const key = bytes("k");
    for (const value of ["2", "3", "4"]) await kv.put({ key, value: bytes(value) });
    expect((await kv.compact({ revision: 3n })).header?.revision).to.equal(4n);
    expect(text((await kv.range({ key, revision: 3n })).kvs[0]?.value)).to.equal("3");
    expect(await refusal(kv.range({ key, revision: 2n }))).to.deep.equal(compacted);
    expect((await kv.range({ key })).kvs[0]?.version).to.equal(3n);
  });

  test("refuses a revision twice, an older and a future one", async () => {
    const { kv } = startMemory();
    for (let revision = 2; revision <= 4; revision++) await kv.put({ key: bytes("k") });
    await kv.compact({ revision: 3n });
    expect(await refusal(kv.compact({ revision: 3n }))).to.deep.equal(compacted);
    expect(await refusal(kv.compact({ revision: 2n }))).to.deep.equal(compacted);
    expect(await refusal(kv.compact({ revision: 5n }))).to.deep.equal(future);
  });

  test("takes revision 0 once, as etcd does", async () => {
    const { kv, server } = startMemory();
    await kv.put({ key: bytes("k") });
    await kv.compact({ revision: 0n });
    expect(server.core.store.log.at(2n)).to.have.length(1);
    expect(await refusal(kv.compact({ revision: 0n }))).to.deep.equal(compacted);
  });

  test("forgets a key deleted at its revision, also where nothing else is left to forget", async () => {
    const { kv, server } = startMemory();
    await kv.put({ key: bytes("k") });
    await kv.compact({ revision: 2n });
    await kv.put({ key: bytes("x") });
    await kv.compact({ revision: 3n });
    await kv.deleteRange({ key: bytes("k") });
    await kv.compact({ revision: 4n });
    const names: string[] = [];
    server.core.store.index.visit({ from: "", to: undefined }, ({ name }) => names.push(name) > 0);
    expect(names).to.deep.equal(["x"]);
  });

  test("bounds the history", async () => {
    const { kv, server } = startMemory();
    for (let number = 0; number < 100; number++) await kv.put({ key: bytes(`k${number % 10}`) });
    await kv.deleteRange({ key: bytes("k"), rangeEnd: bytes("k9") });
    await kv.put({ key: bytes("k0") });
    await kv.compact({ revision: 103n });
    let versions = 0;
    server.core.store.index.visit({ from: "", to: undefined }, (history) => {
      versions += history.versions.length;
      return true;
    });
    expect(versions).to.equal(2);
    expect([102n, 103n].map((revision) => server.core.store.log.at(revision).length)).to.deep.equal([0, 1]);
  });
});
