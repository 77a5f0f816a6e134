import { test } from "node:test";
import { createClient } from "@connectrpc/connect";
import { expect } from "chai";
import { joinBytes } from "../../../src/base/bytes.ts";
import { KV } from "../../../src/gen/etcdserverpb/kv_pb.ts";
import { Lease } from "../../../src/gen/etcdserverpb/lease_pb.ts";
import { Maintenance } from "../../../src/gen/etcdserverpb/maintenance_pb.ts";
import { Watch } from "../../../src/gen/etcdserverpb/watch_pb.ts";
import { createMemoryEtcd, type MemoryEtcd } from "../../../src/memory/index.ts";
import { bytes, collect, createRequest, fromKey, ManualClock, refusal, text, WatchCall } from "./fixture.ts";

const all = { key: fromKey, rangeEnd: fromKey };

function clients({ transport }: MemoryEtcd) {
  return {
    kv: createClient(KV, transport),
    lease: createClient(Lease, transport),
    watch: createClient(Watch, transport),
  };
}

/** Revisions 2 a, 3 a, 4 b with a lease, 5 a deleted, 6 c and b again in one transaction. */
async function filled(clock: ManualClock): Promise<MemoryEtcd> {
  const memory = createMemoryEtcd({ clock });
  const { kv, lease } = clients(memory);
  await lease.leaseGrant({ ID: 7n, TTL: 60n });
  await kv.put({ key: bytes("a"), value: bytes("1") });
  await kv.put({ key: bytes("a"), value: bytes("2") });
  await kv.put({ key: bytes("b"), value: bytes("3"), lease: 7n });
  await kv.deleteRange({ key: bytes("a") });
  const put = (key: string, lease: bigint) =>
    ({ request: { case: "requestPut", value: { key: bytes(key), lease } } }) as const;
  await kv.txn({ success: [put("c", 0n), put("b", 7n)] });
  return memory;
}

async function reads({ transport }: MemoryEtcd, revisions: readonly bigint[]) {
  const kv = createClient(KV, transport);
  const answers = [];
  for (const revision of revisions) answers.push(await kv.range({ ...all, revision }));
  return answers;
}

for (const compaction of [undefined, 3n, 5n, 6n]) {
  const when = compaction === undefined ? "nothing is compacted" : `revision ${compaction} is compacted`;
  test(`save() and state keep every answer where ${when}`, async () => {
    const memory = await filled(new ManualClock());
    if (compaction !== undefined) await clients(memory).kv.compact({ revision: compaction });
    const copy = createMemoryEtcd({ state: memory.save(), clock: new ManualClock() });
    const revisions = [2n, 3n, 4n, 5n, 6n].filter((revision) => revision >= (compaction ?? 0n));
    expect(await reads(copy, revisions)).to.deep.equal(await reads(memory, revisions));
    const events = [];
    for (const etcd of [memory, copy]) {
      const request = createRequest({ ...all, startRevision: revisions[0] ?? 0n, prevKv: true });
      const call = new WatchCall(clients(etcd).watch).send(request).finish();
      events.push(await call.take(2));
      call.abort();
    }
    expect(events[1]).to.deep.equal(events[0]);
    if (compaction === undefined) return;
    expect(await refusal(clients(copy).kv.range({ ...all, revision: compaction - 1n }))).to.deep.equal([
      "OutOfRange",
      "etcdserver: mvcc: required revision has been compacted",
    ]);
    expect(copy.save()).to.deep.equal(memory.save());
  });
}

test("a saved state goes on: next revision, and leases with their keys and their whole time", async () => {
  const clock = new ManualClock();
  const memory = await filled(clock);
  clock.advance(59_000);
  const later = new ManualClock();
  const copy = createMemoryEtcd({ state: memory.save(), clock: later });
  const { kv, lease } = clients(copy);
  later.advance(59_000);
  const { TTL, grantedTTL, keys } = await lease.leaseTimeToLive({ ID: 7n, keys: true });
  expect([TTL, grantedTTL, keys.map((key) => text(key))]).to.deep.equal([1n, 60n, ["b"]]);
  later.advance(1000);
  const { kvs, header } = await kv.range(all);
  expect([kvs.map(({ key }) => text(key)), header?.revision]).to.deep.equal([["c"], 7n]);
  expect((await kv.put({ key: bytes("c") })).header?.revision).to.equal(8n);
});

test("what a compaction forgot is not there again: same hashes, same size", async () => {
  const memory = createMemoryEtcd({ clock: new ManualClock() });
  const { kv } = clients(memory);
  for (const key of ["a", "b", "c"]) await kv.put({ key: bytes(key), value: bytes(key) });
  const remove = (key: string) => ({ request: { case: "requestDeleteRange", value: { key: bytes(key) } } }) as const;
  const put = (key: string) => ({ request: { case: "requestPut", value: { key: bytes(key) } } }) as const;
  const { header } = await kv.txn({ success: [remove("a"), remove("b")] });
  const later = await kv.txn({ success: [put("a"), put("d")] });
  await kv.put({ key: bytes("e") });
  const contents = async ({ transport }: MemoryEtcd) => {
    const maintenance = createClient(Maintenance, transport);
    const { hash } = await maintenance.hash({});
    const { hash: ofKeys, compactRevision } = await maintenance.hashKV({});
    const { dbSize, dbSizeInUse } = await maintenance.status({});
    return { hash, ofKeys, compactRevision, dbSize, dbSizeInUse };
  };
  for (const revision of [header?.revision, later.header?.revision]) {
    await kv.compact({ revision: revision ?? 0n });
    const copy = createMemoryEtcd({ state: memory.save(), clock: new ManualClock() });
    expect(await contents(copy)).to.deep.equal(await contents(memory));
    expect(copy.save()).to.deep.equal(memory.save());
  }
});

test("an empty store is saved as such", async () => {
  const copy = createMemoryEtcd({ state: createMemoryEtcd().save() });
  expect((await clients(copy).kv.put({ key: bytes("a") })).header?.revision).to.equal(2n);
  expect(await collect(clients(copy).kv.rangeStream(all))).to.have.length(1);
});

test("a snapshot is a state, whatever its length", async () => {
  for (let length = 0; length < 512; length++) {
    const memory = createMemoryEtcd();
    const value = new Uint8Array(length).fill(1);
    await clients(memory).kv.put({ key: bytes("a"), value });
    const parts = await collect(createClient(Maintenance, memory.transport).snapshot({}));
    const copy = createMemoryEtcd({ state: joinBytes(parts.map(({ blob }) => blob)) });
    const { kvs } = await clients(copy).kv.range(all);
    expect(kvs.map((kv) => [text(kv.key), kv.value])).to.deep.equal([["a", value]]);
  }
});

test("other bytes are refused as a state", async () => {
  const saved = (await filled(new ManualClock())).save();
  const wrong = [
    new Uint8Array(),
    bytes("etcd-web memory 2\n"),
    saved.subarray(0, 40),
    bytes("something else entirely, of some length"),
  ];
  for (const state of wrong) expect(() => createMemoryEtcd({ state })).to.throw(TypeError, "state is not what save()");
});
