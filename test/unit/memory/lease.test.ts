import { describe, test } from "node:test";
import { createClient } from "@connectrpc/connect";
import { expect } from "chai";
import { Lease } from "../../../src/gen/etcdserverpb/lease_pb.ts";
import { ExpiryQueue } from "../../../src/memory/expiry-queue.ts";
import { createMemoryEtcd } from "../../../src/memory/index.ts";
import { LeaseBook, type Lease as LeaseInBook } from "../../../src/memory/lease-book.ts";
import {
  bytes,
  collect,
  createRequest,
  type Fixture,
  ManualClock,
  refusal,
  settled,
  startMemory,
  text,
  WatchCall,
} from "./fixture.ts";

const unknown = ["NotFound", "etcdserver: requested lease not found"];

async function* ids(...given: bigint[]) {
  for (const ID of given) yield { ID };
}

async function keys({ kv }: Fixture): Promise<string[]> {
  const { kvs } = await kv.range({ key: Uint8Array.of(0), rangeEnd: Uint8Array.of(0) });
  return kvs.map(({ key }) => text(key));
}

describe("leaseGrant()", () => {
  const rows = [
    [-5n, 2n],
    [0n, 2n],
    [1n, 2n],
    [2n, 2n],
    [3n, 3n],
    [9_000_000_000n, 9_000_000_000n],
  ] as const;
  for (const [asked, granted] of rows) {
    test(`grants ${granted} s where ${asked} s are asked for`, async () => {
      const { lease } = startMemory();
      expect(await lease.leaseGrant({ ID: 7n, TTL: asked })).to.include({ ID: 7n, TTL: granted, error: "" });
    });
  }

  test("chooses a positive id, beyond what a number holds", async () => {
    const { lease } = startMemory();
    const granted = [await lease.leaseGrant({ TTL: 60n }), await lease.leaseGrant({ TTL: 60n })];
    expect(new Set(granted.map(({ ID }) => ID)).size).to.equal(2);
    for (const { ID } of granted) expect(ID > 2n ** 53n && ID < 2n ** 63n).to.equal(true);
  });

  for (const drawn of [0n, 42n, (1n << 64n) - 1n]) {
    test(`chooses another id where the random number is ${drawn} each time`, async () => {
      const memory = createMemoryEtcd({ random: () => drawn, clock: new ManualClock() });
      const lease = createClient(Lease, memory.transport);
      const granted = new Set<bigint>();
      for (let number = 0; number < 3; number++) granted.add((await lease.leaseGrant({ TTL: 60n })).ID);
      expect(granted.size).to.equal(3);
      for (const id of granted) expect(id > 0n && id < 2n ** 63n).to.equal(true);
    });
  }

  test("refuses an id in use and a time too long", async () => {
    const { lease } = startMemory();
    await lease.leaseGrant({ ID: 7n, TTL: 60n });
    expect(await refusal(lease.leaseGrant({ ID: 7n, TTL: 60n }))).to.deep.equal([
      "FailedPrecondition",
      "etcdserver: lease already exists",
    ]);
    expect(await refusal(lease.leaseGrant({ TTL: 9_000_000_001n }))).to.deep.equal([
      "OutOfRange",
      "etcdserver: too large lease TTL",
    ]);
  });
});

describe("leaseRevoke()", () => {
  test("deletes every key of the lease in one revision, in key order", async () => {
    const memory = startMemory();
    const { kv, lease, watch } = memory;
    await lease.leaseGrant({ ID: 7n, TTL: 60n });
    for (const key of ["c", "a", "b"]) await kv.put({ key: bytes(key), lease: key === "b" ? 0n : 7n });
    const call = new WatchCall(watch).send(createRequest({ key: bytes("a"), rangeEnd: bytes("z") })).finish();
    await call.next();
    expect((await lease.leaseRevoke({ ID: 7n })).header?.revision).to.equal(5n);
    expect((await call.next()).events.map(({ kv: gone }) => [text(gone?.key), gone?.modRevision])).to.deep.equal([
      ["a", 5n],
      ["c", 5n],
    ]);
    expect(await keys(memory)).to.deep.equal(["b"]);
    expect(await refusal(lease.leaseRevoke({ ID: 7n }))).to.deep.equal(unknown);
    call.abort();
  });

  test("leaves a key alone that has moved to another lease, or to none", async () => {
    const memory = startMemory();
    const { kv, lease } = memory;
    for (const ID of [7n, 8n]) await lease.leaseGrant({ ID, TTL: 60n });
    for (const key of ["a", "b", "c", "d"]) await kv.put({ key: bytes(key), lease: 7n });
    await kv.put({ key: bytes("a"), lease: 8n });
    await kv.put({ key: bytes("b") });
    await kv.deleteRange({ key: bytes("c") });
    await kv.put({ key: bytes("c") });
    await kv.put({ key: bytes("d"), ignoreLease: true });
    await lease.leaseRevoke({ ID: 7n });
    expect(await keys(memory)).to.deep.equal(["a", "b", "c"]);
  });

  test("makes no revision where the lease has no keys", async () => {
    const { lease } = startMemory();
    await lease.leaseGrant({ ID: 7n, TTL: 60n });
    expect((await lease.leaseRevoke({ ID: 7n })).header?.revision).to.equal(1n);
  });
});

describe("leaseTimeToLive()", () => {
  test("tells whole seconds left, what was granted, and the keys where asked", async () => {
    const { kv, lease, clock } = startMemory();
    await lease.leaseGrant({ ID: 7n, TTL: 60n });
    for (const key of ["b", "a"]) await kv.put({ key: bytes(key), lease: 7n });
    clock.advance(1500);
    const plain = await lease.leaseTimeToLive({ ID: 7n });
    expect(plain).to.include({ ID: 7n, TTL: 58n, grantedTTL: 60n });
    expect(plain.keys).to.deep.equal([]);
    const full = await lease.leaseTimeToLive({ ID: 7n, keys: true });
    expect(full.keys.map((key) => text(key))).to.deep.equal(["a", "b"]);
  });

  test("answers -1 for a lease it does not know", async () => {
    const { lease } = startMemory();
    expect(await lease.leaseTimeToLive({ ID: 7n })).to.include({ ID: 7n, TTL: -1n, grantedTTL: 0n });
  });
});

test("leaseLeases() lists all leases, the one that expires first first", async () => {
  const { lease } = startMemory();
  for (const [ID, TTL] of [
    [1n, 60n],
    [2n, 10n],
    [3n, 30n],
  ] as const)
    await lease.leaseGrant({ ID, TTL });
  expect((await lease.leaseLeases({})).leases.map(({ ID }) => ID)).to.deep.equal([2n, 3n, 1n]);
});

describe("leaseKeepAlive()", () => {
  test("answers each request in order, then ends", async () => {
    const { lease } = startMemory();
    await lease.leaseGrant({ ID: 7n, TTL: 60n });
    const answers = await collect(lease.leaseKeepAlive(ids(7n, 9n, 7n)));
    expect(answers.map(({ ID, TTL }) => [ID, TTL])).to.deep.equal([
      [7n, 60n],
      [9n, 0n],
      [7n, 60n],
    ]);
  });

  test("starts the lease's time anew", async () => {
    const memory = startMemory();
    const { kv, lease, clock } = memory;
    await lease.leaseGrant({ ID: 7n, TTL: 10n });
    await kv.put({ key: bytes("k"), lease: 7n });
    for (let beat = 0; beat < 5; beat++) {
      clock.advance(9_000);
      await collect(lease.leaseKeepAlive(ids(7n)));
    }
    expect(await keys(memory)).to.deep.equal(["k"]);
    clock.advance(10_000);
    expect(await keys(memory)).to.deep.equal([]);
    expect((await collect(lease.leaseKeepAlive(ids(7n))))[0]?.TTL).to.equal(0n);
  });

  test("leaves nothing when it is aborted", async () => {
    const { lease, server } = startMemory();
    const controller = new AbortController();
    const open = new Promise<void>(() => {});
    async function* forever() {
      yield { ID: 1n };
      await open;
    }
    const answers = lease.leaseKeepAlive(forever(), { signal: controller.signal })[Symbol.asyncIterator]();
    await answers.next();
    expect(server.core.connections.size).to.equal(1);
    controller.abort();
    expect(server.core.connections.size).to.equal(0);
  });
});

describe("a lease that is not kept alive", () => {
  test("takes its keys with it when its time is up, a revision a lease", async () => {
    const memory = startMemory();
    const { kv, lease, clock } = memory;
    for (const [ID, TTL] of [
      [1n, 20n],
      [2n, 10n],
      [3n, 20n],
    ] as const) {
      await lease.leaseGrant({ ID, TTL });
      await kv.put({ key: bytes(`k${ID}`), lease: ID });
    }
    clock.advance(9_999);
    expect(await keys(memory)).to.have.length(3);
    clock.advance(1);
    expect(await keys(memory)).to.deep.equal(["k1", "k3"]);
    clock.advance(10_000);
    expect((await kv.range({ key: bytes("k1") })).header?.revision).to.equal(7n);
  });

  test("is not looked for any more once it is revoked, and the others are, in order", () => {
    const queue = new ExpiryQueue<LeaseInBook>();
    const book = new LeaseBook(queue);
    // Every tenth stays, the later the sooner it ends; half of those are renewed.
    for (let id = 1n; id <= 10_000n; id++) {
      book.grant(id, 20_000n - id, 0);
      if (id % 10n !== 0n) book.remove(id);
      expect(queue.length).to.be.at.most(2 * book.size + 64);
    }
    for (let id = 10n; id <= 10_000n; id += 20n) book.renew(id, 20_000_000);
    for (let id = 10n; id <= 8_000n; id += 10n) book.remove(id);
    expect([book.size, queue.length <= 400 + 64]).to.deep.equal([200, true]);
    const ends = book.expired(40_000_000).map((lease) => [lease.id, lease.expiresAt]);
    const left = Array.from({ length: 200 }, (_, index) => 8_010 + index * 10);
    const end = (id: number): number => (20_000 - id) * 1000 + (id % 20 === 0 ? 0 : 20_000_000);
    const sooner = left.sort((a, b) => end(a) - end(b));
    expect(ends).to.deep.equal(sooner.map((id) => [BigInt(id), end(id)]));
  });

  test("needs one timer for all, and none when they are gone", async () => {
    const { lease, clock, server } = startMemory();
    expect(clock.timers).to.equal(0);
    for (let ID = 1n; ID <= 100n; ID++) await lease.leaseGrant({ ID, TTL: 200n - ID });
    expect(clock.timers).to.equal(1);
    clock.advance(150_000);
    expect((await lease.leaseLeases({})).leases).to.have.length(49);
    expect(clock.timers).to.equal(1);
    for (let ID = 1n; ID < 50n; ID++) await lease.leaseRevoke({ ID });
    expect(clock.timers).to.equal(0);
    await lease.leaseGrant({ ID: 1n, TTL: 9_000_000_000n });
    clock.advance(2 ** 31);
    expect([clock.timers, server.core.leases.size]).to.deep.equal([1, 1]);
    server.close();
    expect(clock.timers).to.equal(0);
    await settled();
  });
});
