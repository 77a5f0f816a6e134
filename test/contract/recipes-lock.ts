import { expect } from "chai";
import { type EtcdKeyspace, op } from "../../src/index.ts";
import { createSession, type HeldLock } from "../../src/recipes/index.ts";
import { reasonOf, rejection, until } from "./expectations.ts";
import type { Suite } from "./suite.ts";

async function keys(etcd: EtcdKeyspace, prefix: string): Promise<string[]> {
  return (await etcd.range({ prefix })).kvs.map((kv) => kv.keyText());
}

/** Waits until so many keys stand in a line. */
async function standing(etcd: EtcdKeyspace, prefix: string, count: number): Promise<void> {
  await until(`${count} keys`, async () => (await etcd.count({ prefix })) === count);
}

/** Sessions and locks of them. */
export const recipesLock: Suite = {
  "createSession() has a lease of 60 seconds that goes with it": async ({ etcd, prefix }) => {
    const session = await createSession(etcd);
    expect([session.lease.ttlSeconds, session.signal.aborted]).to.deep.equal([60, false]);
    await etcd.put(`${prefix}a`, "", { lease: session.lease });
    await session.close();
    expect(await etcd.count({ prefix })).to.equal(0);
    await rejection(Promise.reject(session.signal.reason), "closed");
    await rejection(session.lock(`${prefix}l`), "closed");
    await session.close();
  },

  "createSession() on a lease that is given leaves the lease, and takes its locks away": async ({ etcd, prefix }) => {
    await using lease = await etcd.lease({ ttlSeconds: 60 });
    const session = await createSession(etcd, { lease });
    await etcd.put(`${prefix}mine`, "", { lease });
    const lock = await session.lock(`${prefix}l`);
    await session.close();
    expect(lock.signal.aborted).to.equal(true);
    expect([await keys(etcd, prefix), lease.signal.aborted]).to.deep.equal([[`${prefix}mine`], false]);
  },

  "createSession() refuses what cannot be": async ({ etcd }) => {
    await rejection(createSession(etcd, { ttlSeconds: 0 }), "invalid-argument");
    await rejection(createSession({} as EtcdKeyspace), "invalid-argument");
  },

  "lock() is the key that Go and etcdctl take: its name, a slash, the lease": async ({ etcd, prefix }) => {
    await using session = await createSession(etcd);
    const lock = await session.lock(`${prefix}l`);
    const [kv] = (await etcd.range({ prefix })).kvs;
    expect(kv?.keyText()).to.equal(`${prefix}l/${session.lease.id.toString(16)}`);
    expect([kv?.text(), kv?.lease, kv?.createRevision]).to.deep.equal(["", session.lease.id, lock.fencing]);
    expect(lock.key).to.deep.equal(kv?.key);
    await lock.unlock();
    expect(await etcd.count({ prefix })).to.equal(0);
  },

  "lock() is one holder's at a time, in the order of asking, with rising fences": async ({ etcd, prefix }) => {
    const sessions = await Promise.all([1, 2, 3, 4].map(() => createSession(etcd)));
    const first = await sessions[0]?.lock(`${prefix}l`);
    const order: number[] = [];
    const fences: bigint[] = [];
    let holders = 0;
    const waiting: Promise<void>[] = [];
    for (const [i, session] of sessions.slice(1).entries()) {
      waiting.push(
        session.lock(`${prefix}l`).then(async (lock) => {
          expect(++holders).to.equal(1);
          order.push(i);
          fences.push(lock.fencing);
          await etcd.get(`${prefix}l`);
          holders--;
          await lock.unlock();
        }),
      );
      await standing(etcd, prefix, i + 2);
    }
    expect(order).to.deep.equal([]);
    await first?.unlock();
    await Promise.all(waiting);
    expect(order).to.deep.equal([0, 1, 2]);
    expect(fences).to.deep.equal(fences.toSorted((a, b) => Number(a - b)));
    for (const session of sessions) await session.close();
  },

  "lock() of one session lets a second caller wait": async ({ etcd, prefix }) => {
    await using session = await createSession(etcd);
    const first = await session.lock(`${prefix}l`);
    let second: HeldLock | undefined;
    const waiting = session.lock(`${prefix}l`).then((lock) => {
      second = lock;
    });
    expect(await session.tryLock(`${prefix}l`)).to.equal(undefined);
    expect(second).to.equal(undefined);
    await first.unlock();
    await waiting;
    expect((second?.fencing ?? 0n) > first.fencing).to.equal(true);
    await first.unlock();
    expect(await etcd.count({ prefix })).to.equal(1);
    await second?.close();
  },

  "lock() of two sessions on one lease lets the second wait": async ({ etcd, prefix }) => {
    await using lease = await etcd.lease({ ttlSeconds: 60 });
    const a = await createSession(etcd, { lease });
    for (const given of [lease, etcd.leases.attach(lease.id)]) {
      const b = await createSession(etcd.namespace(prefix), { lease: given });
      const first = await a.lock(`${prefix}l`);
      expect(await b.tryLock("l")).to.equal(undefined);
      await first.unlock();
      await (await b.lock("l")).unlock();
    }
  },

  "tryLock() gives undefined where it is held, and leaves nothing in the line": async ({ etcd, prefix }) => {
    await using a = await createSession(etcd);
    await using b = await createSession(etcd);
    const lock = await a.tryLock(`${prefix}l`);
    expect(lock?.signal.aborted).to.equal(false);
    const { revision } = await etcd.range({ prefix });
    expect(await b.tryLock(`${prefix}l`)).to.equal(undefined);
    expect((await etcd.range({ prefix })).revision).to.equal(revision);
    await lock?.unlock();
    await (await b.tryLock(`${prefix}l`))?.unlock();
    expect(await etcd.count({ prefix })).to.equal(0);
  },

  "lock() given up by its signal leaves the line, and those behind do not notice": async ({ etcd, prefix }) => {
    await using a = await createSession(etcd);
    await using b = await createSession(etcd);
    await using c = await createSession(etcd);
    const held = await a.lock(`${prefix}l`);
    const abort = new AbortController();
    const given = rejection(b.lock(`${prefix}l`, { signal: abort.signal }), "aborted");
    await standing(etcd, prefix, 2);
    let third = false;
    const behind = c.lock(`${prefix}l`).then((lock) => {
      third = true;
      return lock;
    });
    await standing(etcd, prefix, 3);
    abort.abort(new Error("enough"));
    expect((await given).cause).to.equal(abort.signal.reason);
    expect(await etcd.count({ prefix })).to.equal(2);
    expect(third).to.equal(false);
    await held.unlock();
    await (await behind).unlock();
  },

  "lock() given up before or while it asks leaves nothing": async ({ etcd, prefix }) => {
    await using session = await createSession(etcd);
    await rejection(session.lock(`${prefix}l`, { signal: AbortSignal.abort() }), "aborted");
    const abort = new AbortController();
    const asking = rejection(session.lock(`${prefix}l`, { signal: abort.signal }), "aborted");
    await Promise.resolve();
    abort.abort();
    await asking;
    await standing(etcd, prefix, 0);
    await (await session.lock(`${prefix}l`)).unlock();
  },

  "lock() with timeoutMs waits no longer": async ({ etcd, prefix }) => {
    await using a = await createSession(etcd);
    await using b = await createSession(etcd);
    const held = await a.lock(`${prefix}l`);
    await rejection(b.lock(`${prefix}l`, { timeoutMs: 200 }), "timeout");
    expect(await keys(etcd, prefix)).to.have.length(1);
    await rejection(b.lock(`${prefix}l`, { timeoutMs: 0 }), "invalid-argument");
    await held.unlock();
  },

  "lock() rejects at once when its session is closed, or its lease is lost": async ({ etcd, prefix }) => {
    await using a = await createSession(etcd);
    await using held = await a.lock(`${prefix}l`);
    expect(held.signal.aborted).to.equal(false);
    const closed = await createSession(etcd);
    const waiting = rejection(closed.lock(`${prefix}l`), "closed");
    await standing(etcd, prefix, 2);
    await closed.close();
    await waiting;
    const lost = await createSession(etcd);
    const other = rejection(lost.lock(`${prefix}l`), "closed");
    await standing(etcd, prefix, 2);
    await lost.lease.revoke();
    await other;
    await standing(etcd, prefix, 1);
  },

  "lock() whose key is deleted while it waits does not become the holder": async ({ etcd, prefix }) => {
    await using a = await createSession(etcd);
    await using b = await createSession(etcd);
    const held = await a.lock(`${prefix}l`);
    const waiting = rejection(b.lock(`${prefix}l`), "lease-lost");
    await standing(etcd, prefix, 2);
    await etcd.delete(`${prefix}l/${b.lease.id.toString(16)}`);
    await held.unlock();
    await waiting;
  },

  "lock() waits on through a compaction": async ({ etcd, prefix, compact }) => {
    await using a = await createSession(etcd);
    await using b = await createSession(etcd);
    const held = await a.lock(`${prefix}l`);
    const waiting = b.lock(`${prefix}l`);
    await standing(etcd, prefix, 2);
    const { revision } = await etcd.put(`${prefix}other`, "");
    await compact(revision);
    await held.unlock();
    await (await waiting).unlock();
    await etcd.delete(`${prefix}other`);
  },

  "unlock() aborts the signal at once, is no error twice, and never takes another's key": async ({ etcd, prefix }) => {
    await using session = await createSession(etcd);
    const lock = await session.lock(`${prefix}l`);
    const unlocking = lock.unlock();
    await rejection(Promise.reject(lock.signal.reason), "closed");
    await unlocking;
    const next = await session.lock(`${prefix}l`);
    await lock.unlock();
    await lock.close();
    expect(await etcd.count({ prefix })).to.equal(1);
    await etcd.delete({ prefix });
    await next.unlock();
  },

  "owner() guards writes": async ({ etcd, prefix }) => {
    await using session = await createSession(etcd);
    const lock = await session.lock(`${prefix}l`);
    const write = { compare: [lock.owner()], success: [op.put(`${prefix}a`, "1")] };
    expect((await etcd.txn(write)).succeeded).to.equal(true);
    await lock.unlock();
    expect((await etcd.txn(write)).succeeded).to.equal(false);
    const next = await session.lock(`${prefix}l`);
    expect((await etcd.txn(write)).succeeded).to.equal(false);
    expect((await etcd.txn({ ...write, compare: [next.owner()] })).succeeded).to.equal(true);
  },

  "a lock's signal tells that its session is over": async ({ etcd, prefix }) => {
    const session = await createSession(etcd, { ttlSeconds: 2 });
    const lock = await session.lock(`${prefix}l`);
    session.lease.release();
    await new Promise((resolve) => lock.signal.addEventListener("abort", resolve));
    await rejection(Promise.reject(lock.signal.reason), "lease-lost");
    expect(lock.signal.reason).to.equal(session.signal.reason);
    await lock.unlock();
    await standing(etcd, prefix, 0);
    expect(await reasonOf(session.lock(`${prefix}l`))).to.have.property("code", "lease-lost");
    await session.close();
  },

  "readLock() is shared, writeLock() is not, first come first served": async ({ etcd, prefix }) => {
    await using session = await createSession(etcd);
    const [a, b] = [await session.readLock(`${prefix}l`), await session.readLock(`${prefix}l`)];
    const done: string[] = [];
    const writing = session.writeLock(`${prefix}l`).then((lock) => {
      done.push("write");
      return lock;
    });
    await standing(etcd, prefix, 3);
    const reading = session.readLock(`${prefix}l`).then((lock) => {
      done.push("read");
      return lock;
    });
    await standing(etcd, prefix, 4);
    const names = await keys(etcd, prefix);
    expect(names.filter((name) => /^read\/\d{19}$/.test(name.slice(`${prefix}l/`.length)))).to.have.length(3);
    expect(names.filter((name) => /^write\/\d{19}$/.test(name.slice(`${prefix}l/`.length)))).to.have.length(1);
    await a.unlock();
    expect(done).to.deep.equal([]);
    await b.unlock();
    const write = await writing;
    expect(done).to.deep.equal(["write"]);
    await write.unlock();
    await (await reading).unlock();
    expect(await etcd.count({ prefix })).to.equal(0);
  },

  "readLock() given up leaves the line": async ({ etcd, prefix }) => {
    await using session = await createSession(etcd);
    const write = await session.writeLock(`${prefix}l`);
    await rejection(session.readLock(`${prefix}l`, { timeoutMs: 200 }), "timeout");
    await rejection(session.writeLock(`${prefix}l`, { timeoutMs: 200 }), "timeout");
    expect(await etcd.count({ prefix })).to.equal(1);
    await write.unlock();
  },

  "lock() in a namespace has its keys there, and does not show it": async ({ etcd, prefix }) => {
    const app = etcd.namespace(`${prefix}app/`);
    await using session = await createSession(app);
    await using other = await createSession(etcd);
    const lock = await session.lock("l");
    const id = session.lease.id.toString(16);
    expect(new TextDecoder().decode(lock.key)).to.equal(`l/${id}`);
    expect(await keys(etcd, prefix)).to.deep.equal([`${prefix}app/l/${id}`]);
    expect(await other.tryLock(`${prefix}app/l`)).to.equal(undefined);
    expect((await app.txn({ compare: [lock.owner()], success: [op.put("a", "")] })).succeeded).to.equal(true);
    await lock.unlock();
    await (await other.tryLock(`${prefix}app/l`))?.unlock();
  },
};
