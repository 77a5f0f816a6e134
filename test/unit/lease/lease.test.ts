import { test } from "node:test";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcd, isEtcdError } from "../../../src/index.ts";
import { Lease } from "../../../src/proto.ts";
import { rejection } from "../../contract/expectations.ts";
import { settle } from "../support/fake-platform.ts";
import { leaseScene as scene } from "../support/lease-scene.ts";

test("lease() beats each third of its time to live", async () => {
  const { etcd, platform, beats } = scene();
  await using lease = await etcd.lease({ ttlSeconds: 60 });
  await platform.pass(100_000);
  expect(beats).to.deep.equal([20_000, 40_000, 60_000, 80_000, 100_000]);
  expect(lease.signal.aborted).to.equal(false);
});

test("lease() beats by the time to live that the server gives now", async () => {
  const found = scene();
  await using lease = await found.etcd.lease({ ttlSeconds: 60 });
  found.answer = 30;
  await found.platform.pass(45_000);
  expect(found.beats).to.deep.equal([20_000, 30_000, 40_000]);
  expect(lease.ttlSeconds).to.equal(60);
});

test("a lease without answers is lost when its time is up by our clock, not before", async () => {
  for (const answer of ["silence", "end", new ConnectError("etcdserver: no leader", Code.Unavailable)] as const) {
    const found = scene();
    found.answer = answer;
    const lease = await found.etcd.lease({ ttlSeconds: 60 });
    await found.platform.pass(59_999);
    expect(lease.signal.aborted).to.equal(false);
    await found.platform.pass(1);
    expect(isEtcdError(lease.signal.reason, "lease-lost")).to.equal(true);
    await settle();
    expect(found.platform.timers).to.equal(0);
  }
});

test("a lease survives failures that end in time, and counts from the answered sign of life", async () => {
  const found = scene();
  const lease = await found.etcd.lease({ ttlSeconds: 60 });
  found.answer = new ConnectError("etcdserver: leader changed", Code.Unavailable);
  await found.platform.pass(50_000);
  const failed = found.beats.length;
  expect(failed).to.be.greaterThan(3);
  found.answer = 60;
  await found.platform.pass(10_000);
  expect(found.beats.length).to.equal(failed + 1);
  await found.platform.pass(30_000);
  expect(lease.signal.aborted).to.equal(false);
});

test("a lease that the server calls gone is lost at once", async () => {
  for (const gone of [0, -1]) {
    const found = scene();
    found.answer = gone;
    const lease = await found.etcd.lease({ ttlSeconds: 60 });
    await found.platform.pass(20_000);
    expect(isEtcdError(lease.signal.reason, "lease-lost")).to.equal(true);
    await found.platform.pass(100_000);
    expect([found.beats.length, found.platform.timers]).to.deep.equal([1, 0]);
  }
});

test("release() stops the beats; the lease is over when its time is up", async () => {
  const { etcd, platform, beats } = scene();
  const lease = await etcd.lease({ ttlSeconds: 60 });
  lease.release();
  await platform.pass(59_999);
  expect([beats.length, lease.signal.aborted]).to.deep.equal([0, false]);
  await platform.pass(1);
  expect([beats.length, platform.timers, lease.signal.aborted]).to.deep.equal([0, 0, true]);
});

test("keepAlive: false beats only by hand, which prolongs it", async () => {
  const { etcd, platform, beats } = scene();
  const lease = await etcd.lease({ ttlSeconds: 60, keepAlive: false });
  await platform.pass(50_000);
  expect(await lease.keepAliveOnce()).to.equal(60);
  await platform.pass(59_999);
  expect([beats.length, lease.signal.aborted]).to.deep.equal([1, false]);
  await platform.pass(1);
  expect(lease.signal.aborted).to.equal(true);
});

test("keepAliveOnce() without an answer in time is timeout", async () => {
  const found = scene();
  const lease = await found.etcd.lease({ ttlSeconds: 60, keepAlive: false });
  found.answer = "silence";
  const late = rejection(lease.keepAliveOnce({ timeoutMs: 500 }), "timeout");
  await found.platform.pass(500);
  await late;
  expect(lease.signal.aborted).to.equal(false);
});

test("close() and closing the client leave no timer behind", async () => {
  const { etcd, platform, beats } = scene();
  const [revoked, left] = [await etcd.lease({ ttlSeconds: 60 }), await etcd.lease({ ttlSeconds: 60 })];
  await revoked.close();
  await etcd.close();
  await settle();
  await platform.pass(100_000);
  expect([platform.timers, beats.length]).to.deep.equal([0, 0]);
  for (const { signal } of [revoked, left]) expect(isEtcdError(signal.reason, "closed")).to.equal(true);
});

test("one sign of life that hangs does not cost the lease", async () => {
  const found = scene();
  const lease = await found.etcd.lease({ ttlSeconds: 60 });
  found.answer = "silence";
  await found.platform.pass(20_001);
  found.answer = 60;
  await found.platform.pass(100_000);
  expect(lease.signal.aborted).to.equal(false);
});

test("a lease of 25 days is longer than a timer, and not lost at once", async () => {
  const transport = createRouterTransport(({ rpc }) => {
    rpc(Lease.method.leaseGrant, ({ TTL }) => ({ ID: 7n, TTL }));
  });
  await using etcd = createEtcd({ transport });
  const lease = await etcd.lease({ ttlSeconds: 25 * 24 * 3600 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(lease.signal.aborted).to.equal(false);
});

test("a lease that is lost says by what its last sign of life failed", async () => {
  const found = scene();
  found.answer = new ConnectError("etcdserver: no leader", Code.Unavailable);
  const lease = await found.etcd.lease({ ttlSeconds: 60 });
  await found.platform.pass(60_000);
  const { message, cause } = lease.signal.reason;
  expect(message).to.match(/Lease 1: 60 seconds .*etcdserver: no leader/);
  expect(isEtcdError(cause, "no-leader")).to.equal(true);
});

test("an answer counts from when its request was sent, and not when the lease is over by then", async () => {
  const found = scene();
  const lease = await found.etcd.lease({ ttlSeconds: 60, keepAlive: false });
  found.delayMs = 50_000;
  const late = lease.keepAliveOnce({ timeoutMs: Number.POSITIVE_INFINITY });
  await found.platform.pass(50_000);
  expect(await late).to.equal(60);
  await found.platform.pass(9_999);
  expect(lease.signal.aborted).to.equal(false);
  await found.platform.pass(1);
  expect(lease.signal.aborted).to.equal(true);
});

test("keepAliveOnce() of a lease that our clock has ended does not ask", async () => {
  const { etcd, platform, calls } = scene();
  const lease = await etcd.lease({ ttlSeconds: 60, keepAlive: false });
  await platform.pass(60_000);
  await rejection(lease.keepAliveOnce(), "lease-lost");
  expect(calls.length).to.equal(0);
});

test("timeToLive() of a lease that the server does not have ends it", async () => {
  const found = scene();
  const lease = await found.etcd.lease({ ttlSeconds: 60 });
  found.timeToLive = { TTL: -1n };
  expect(await lease.timeToLive()).to.deep.include({ ttlSeconds: -1, grantedTtlSeconds: 0, keys: [] });
  expect(isEtcdError(lease.signal.reason, "lease-lost")).to.equal(true);
});

test("timeToLive() prolongs a lease that others keep alive, and never shortens one", async () => {
  const found = scene();
  const lease = await found.etcd.lease({ ttlSeconds: 60 });
  lease.release();
  found.timeToLive = { TTL: 10n, grantedTTL: 60n };
  await lease.timeToLive();
  await found.platform.pass(50_000);
  found.timeToLive = { TTL: 40n, grantedTTL: 60n };
  await lease.timeToLive();
  await found.platform.pass(39_999);
  expect(lease.signal.aborted).to.equal(false);
  await found.platform.pass(1);
  expect(lease.signal.aborted).to.equal(true);
});

test("timeToLive() that answers more than was granted, as during a change of leader, prolongs nothing", async () => {
  const found = scene();
  const lease = await found.etcd.lease({ ttlSeconds: 60 });
  found.timeToLive = { TTL: 9_223_372_036n, grantedTTL: 60n };
  await lease.timeToLive();
  await found.platform.pass(20_000);
  expect(found.beats).to.deep.equal([20_000]);
  found.answer = "silence";
  await found.platform.pass(60_000);
  expect(isEtcdError(lease.signal.reason, "lease-lost")).to.equal(true);
});

test("revoke() that fails can be made again; until then our clock goes on", async () => {
  const found = scene();
  const lease = await found.etcd.lease({ ttlSeconds: 60 });
  found.revokeError = new ConnectError("etcdserver: request timed out", Code.Unavailable);
  await rejection(lease.revoke(), "unavailable");
  expect(lease.signal.aborted).to.equal(false);
  found.revokeError = undefined;
  await lease.revoke();
  expect(isEtcdError(lease.signal.reason, "closed")).to.equal(true);
});

test("revoke() while a sign of life is under way is closed, whatever its answer says", async () => {
  const found = scene();
  const lease = await found.etcd.lease({ ttlSeconds: 60 });
  [found.delayMs, found.answer] = [10, 0];
  await found.platform.pass(20_000);
  expect(found.calls.length).to.equal(1);
  const revoked = lease.revoke();
  await found.platform.pass(10);
  await revoked;
  expect(isEtcdError(lease.signal.reason, "closed")).to.equal(true);
});
