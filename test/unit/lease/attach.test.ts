import { test } from "node:test";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcd, isEtcdError } from "../../../src/index.ts";
import { rejection, thrown } from "../../contract/expectations.ts";
import { settle } from "../support/fake-platform.ts";
import { leaseScene } from "../support/lease-scene.ts";

test("leases.attach() asks nothing itself, then beats at once: that tells its time to live", async () => {
  const { etcd, platform, calls } = leaseScene();
  const lease = etcd.leases.attach(7n);
  await settle();
  expect([lease.id, lease.ttlSeconds, calls.length]).to.deep.equal([7n, 0, 0]);
  await platform.pass(0);
  expect(lease.ttlSeconds).to.equal(60);
  await platform.pass(20_000);
  expect(calls).to.deep.equal([[7n], [7n]]);
});

test("leases.attach() of many at once needs one call", async () => {
  const { etcd, platform, calls } = leaseScene();
  const ids = [7n, 8n, 9n];
  for (const id of ids) etcd.leases.attach(id);
  await platform.pass(0);
  expect(calls).to.deep.equal([ids]);
});

test("leases.attach() of a lease that is gone is told so by its first sign of life", async () => {
  const scene = leaseScene();
  scene.answer = 0;
  const lease = scene.etcd.leases.attach(7n);
  await scene.platform.pass(0);
  expect(isEtcdError(lease.signal.reason, "lease-lost")).to.equal(true);
  expect([scene.platform.timers, scene.platform.sleepers]).to.deep.equal([0, 0]);
});

test("an attached lease has no clock before the first answer, and tries on", async () => {
  const scene = leaseScene();
  scene.answer = new ConnectError("etcdserver: no leader", Code.Unavailable);
  const lease = scene.etcd.leases.attach(7n);
  await scene.platform.pass(3_600_000);
  expect([lease.signal.aborted, lease.ttlSeconds]).to.deep.equal([false, 0]);
  scene.answer = 60;
  await scene.platform.pass(10_000);
  scene.answer = "silence";
  await scene.platform.pass(61_000);
  expect(isEtcdError(lease.signal.reason, "lease-lost")).to.equal(true);
});

test("leases.attach() without keepAlive does nothing until asked", async () => {
  const { etcd, platform, calls } = leaseScene();
  const lease = etcd.leases.attach(7, { keepAlive: false });
  await platform.pass(3_600_000);
  expect([calls.length, platform.timers, lease.signal.aborted]).to.deep.equal([0, 0, false]);
});

test("timeToLive() starts an attached lease's clock, at what is left of its time", async () => {
  const scene = leaseScene();
  const lease = scene.etcd.leases.attach(7, { keepAlive: false });
  scene.timeToLive = { TTL: 20n, grantedTTL: 60n };
  await lease.timeToLive();
  expect(lease.ttlSeconds).to.equal(60);
  await scene.platform.pass(19_999);
  expect(lease.signal.aborted).to.equal(false);
  await scene.platform.pass(1);
  expect(isEtcdError(lease.signal.reason, "lease-lost")).to.equal(true);
});

test("timeToLive() while the first sign of life is under way does not send another", async () => {
  const scene = leaseScene();
  scene.delayMs = 100;
  const lease = scene.etcd.leases.attach(7n);
  await scene.platform.pass(50);
  scene.timeToLive = { TTL: 20n, grantedTTL: 60n };
  await lease.timeToLive();
  await scene.platform.pass(19_000);
  expect(scene.calls.length).to.equal(1);
  expect(lease.signal.aborted).to.equal(false);
});

test("keepAliveOnce() starts an attached lease's clock", async () => {
  const { etcd, platform } = leaseScene();
  const lease = etcd.leases.attach(7n, { keepAlive: false });
  expect(await lease.keepAliveOnce()).to.equal(60);
  expect(lease.ttlSeconds).to.equal(60);
  await platform.pass(60_000);
  expect(lease.signal.aborted).to.equal(true);
});

test("closing the client ends an attached lease that has done nothing", async () => {
  const { etcd } = leaseScene();
  const lease = etcd.leases.attach(7n, { keepAlive: false });
  await etcd.close();
  expect(isEtcdError(lease.signal.reason, "closed")).to.equal(true);
  expect(isEtcdError(etcd.leases.attach(8n).signal.reason, "closed")).to.equal(true);
});

test("leases.attach() refuses what is no lease", () => {
  const { etcd } = leaseScene();
  for (const id of [0, 0n, -1n, 1.5, 2n ** 63n]) thrown(() => etcd.leases.attach(id), "invalid-argument");
});

test("leases.list() gives ids beyond 2^53 as they are", async () => {
  expect(await leaseScene().etcd.leases.list()).to.deep.equal([1n, 2n ** 62n]);
});

test("leases.list() of a server too old for it is unimplemented", async () => {
  await using etcd = createEtcd({ transport: createRouterTransport(() => {}) });
  await rejection(etcd.leases.list(), "unimplemented");
});
