import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import { createSession } from "../../../src/recipes/index.ts";
import { standingOf } from "../../../src/recipes/session.ts";
import { rejection } from "../../contract/expectations.ts";
import { settle } from "../support/fake-platform.ts";
import { scene } from "./scene.ts";

/** Long enough for any pause between tries. */
const aWhile = 5_000;

for (const how of ["answer", "request"] as const) {
  test(`lock() whose ${how} is lost asks again, and holds with one key`, async () => {
    const { etcd, other, platform, transport } = scene();
    const session = await createSession(etcd);
    transport.lose("Txn", how, how);
    const locking = session.lock("l");
    await platform.pass(aWhile);
    const lock = await locking;
    const { kvs } = await other.range({ prefix: "l/" });
    expect(kvs.map((kv) => kv.createRevision)).to.deep.equal([lock.fencing]);
    await lock.unlock();
    expect(await other.count({ prefix: "l/" })).to.equal(0);
  });

  test(`tryLock() whose ${how} is lost asks again`, async () => {
    const { etcd, platform, transport } = scene();
    const session = await createSession(etcd);
    transport.lose("Txn", how);
    const locking = session.tryLock("l");
    await platform.pass(aWhile);
    await (await locking)?.unlock();
    expect(await etcd.count({ prefix: "l/" })).to.equal(0);
  });
}

test("lock() whose answer is lost, given up meanwhile, leaves no key", async () => {
  const { etcd, other, platform, transport } = scene();
  const session = await createSession(etcd);
  transport.lose("Txn", "answer", "answer");
  const abort = new AbortController();
  const locking = rejection(session.lock("l", { signal: abort.signal }), "aborted");
  await settle();
  expect(await other.count({ prefix: "l/" })).to.equal(1);
  abort.abort();
  await platform.pass(aWhile);
  await locking;
  expect(await other.count({ prefix: "l/" })).to.equal(0);
});

test("lock() whose answer is lost in whatever way asks again", async () => {
  const { etcd, other, platform, transport } = scene();
  const session = await createSession(etcd);
  transport.lostAs = Code.Internal;
  transport.lose("Txn", "answer");
  const locking = session.lock("l");
  await platform.pass(aWhile);
  await (await locking).unlock();
  expect(await other.count({ prefix: "l/" })).to.equal(0);
});

test("lock() refused after an answer was lost leaves no key", async () => {
  const { etcd, other, platform, transport } = scene();
  const session = await createSession(etcd);
  transport.lose("Txn", "answer", new ConnectError("etcdserver: permission denied", Code.PermissionDenied));
  const locking = rejection(session.lock("l"), "permission-denied");
  await platform.pass(aWhile);
  await locking;
  expect(await other.count({ prefix: "l/" })).to.equal(0);
  await (await session.lock("l")).unlock();
});

test("lock() of a session whose lease somebody has revoked is lease-lost, before the session knows", async () => {
  const { etcd, other } = scene();
  const session = await createSession(etcd);
  await other.leases.attach(session.lease.id, { keepAlive: false }).revoke();
  await rejection(session.lock("l"), "lease-lost");
});

test("lock() refused for good rejects at once, and its name is free again", async () => {
  const { etcd, other } = scene();
  const session = await createSession(etcd);
  const key = `l/${session.lease.id.toString(16)}`;
  await other.put(key, "not ours");
  const error = await rejection(session.lock("l"), "already-exists");
  expect(error.current?.text()).to.equal("not ours");
  await other.delete(key);
  await (await session.lock("l")).unlock();
});

test("who gives up while its deletion gets lost is let go, and the key goes later", async () => {
  const { etcd, other, platform, transport } = scene();
  const [first, session] = [await createSession(other), await createSession(etcd)];
  const held = await first.lock("l");
  const abort = new AbortController();
  const waiting = rejection(session.lock("l", { signal: abort.signal }), "aborted");
  await settle();
  expect(await other.count({ prefix: "l/" })).to.equal(2);
  transport.lose("Txn", "request", "request", "request");
  abort.abort();
  await settle();
  await waiting;
  expect(await other.count({ prefix: "l/" })).to.equal(2);
  await platform.pass(aWhile);
  expect(await other.count({ prefix: "l/" })).to.equal(1);
  await held.unlock();
});

test("unlock() whose deletion gets lost rejects, goes on, and only then lets the session's next one in", async () => {
  const { etcd, other, platform, transport } = scene();
  const session = await createSession(etcd);
  const lock = await session.lock("l");
  transport.lose("Txn", "request", "request");
  const unlocking = rejection(lock.unlock(), "unavailable");
  await unlocking;
  expect(lock.signal.aborted).to.equal(true);
  let next = false;
  const locking = session.lock("l").then((found) => {
    next = true;
    return found;
  });
  await settle();
  expect(next).to.equal(false);
  await platform.pass(aWhile);
  const second = await locking;
  expect(second.fencing > lock.fencing).to.equal(true);
  await lock.unlock();
  expect(await other.count({ prefix: "l/" })).to.equal(1);
  await second.unlock();
});

test("a session without signs of life is over by our clock: holders and who waits know at once", async () => {
  const { etcd, other, platform, transport } = scene();
  const session = await createSession(etcd, { ttlSeconds: 60 });
  const blocking = await createSession(other, { ttlSeconds: 600 });
  const held = await session.lock("a");
  const blocked = await blocking.lock("b");
  const leads = await session.election("e").campaign("x");
  const waiting = rejection(session.lock("b"), "lease-lost");
  const behind = rejection(session.lock("a"), "lease-lost");
  await settle();
  transport.silent = true;
  await platform.pass(40_000);
  expect(held.signal.aborted).to.equal(false);
  await platform.pass(20_000);
  await waiting;
  await behind;
  for (const { signal } of [session, held, leads]) await rejection(Promise.reject(signal.reason), "lease-lost");
  await rejection(leads.proclaim("y"), "lease-lost");
  await held.unlock();
  await leads.resign();
  await rejection(session.lock("c"), "lease-lost");
  await session.close();
  await blocked.unlock();
  await blocking.close();
});

for (const how of ["closed", "lost"]) {
  test(`a session that is ${how} keeps nothing of the locks that nobody has unlocked`, async () => {
    const { etcd, other, platform } = scene();
    const session = await createSession(etcd);
    await session.lock("l");
    const { places } = standingOf(session);
    expect(places.size).to.equal(1);
    if (how === "closed") await session.close();
    else await other.leases.attach(session.lease.id, { keepAlive: false }).revoke();
    await platform.pass(60_000);
    expect([session.signal.aborted, places.size]).to.deep.equal([true, 0]);
  });
}

test("timeoutMs bounds the waiting, and its timer goes with it", async () => {
  const { etcd, other, platform } = scene();
  const [first, session] = [await createSession(other), await createSession(etcd)];
  const held = await first.lock("l");
  await settle();
  const late = rejection(session.lock("l", { timeoutMs: 30_000 }), "timeout");
  await settle();
  await platform.pass(29_999);
  expect(await other.count({ prefix: "l/" })).to.equal(2);
  await platform.pass(1);
  await late;
  expect(await other.count({ prefix: "l/" })).to.equal(1);
  await held.unlock();
  await (await session.lock("l", { timeoutMs: 30_000 })).unlock();
  await session.close();
  await first.close();
  await etcd.close();
  await other.close();
  await settle();
  expect(platform.timers).to.equal(0);
});

test("the client closed under a holder and who waits: both know, and nothing is left running", async () => {
  const { etcd, other, platform } = scene();
  const [first, session] = [await createSession(other), await createSession(etcd)];
  const blocked = await first.lock("b");
  const held = await session.lock("a");
  const waiting = rejection(session.lock("b"), "closed");
  await settle();
  await etcd.close();
  await waiting;
  await rejection(Promise.reject(held.signal.reason), "closed");
  await held.unlock();
  await session.close();
  await blocked.unlock();
  await first.close();
  await other.close();
  await platform.pass(60_000); // the server's own, for the lease that was left to expire
  expect(platform.timers).to.equal(0);
});
