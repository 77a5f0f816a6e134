import { test } from "node:test";
import { expect } from "chai";
import { isEtcdError } from "../../../src/index.ts";
import { settle } from "../support/fake-platform.ts";
import { leaseScene } from "../support/lease-scene.ts";

test("a page that slept for longer than a lease lives is told at once, before it asks", async () => {
  const { etcd, platform, calls } = leaseScene();
  const { signal } = await etcd.lease({ ttlSeconds: 60 });
  platform.freeze(60_000);
  expect(signal.aborted).to.equal(false);
  platform.wake();
  expect(isEtcdError(signal.reason, "lease-lost")).to.equal(true);
  await settle();
  expect([calls.length, platform.timers, platform.sleepers]).to.deep.equal([0, 0, 0]);
});

test("lease.signal tells the truth to who looks before any event of waking", async () => {
  const { etcd, platform } = leaseScene();
  const lease = await etcd.lease({ ttlSeconds: 60 });
  platform.freeze(59_999);
  expect(lease.signal.aborted).to.equal(false);
  platform.freeze(1);
  expect(lease.signal.aborted).to.equal(true);
});

test("a late timer tells which leases are over before it keeps the others alive", async () => {
  const { etcd, platform, calls } = leaseScene();
  const [short, long] = [await etcd.lease({ ttlSeconds: 30 }), await etcd.lease({ ttlSeconds: 60 })];
  const { signal } = short;
  platform.freeze(40_000);
  await platform.pass(0);
  expect([signal.aborted, long.signal.aborted]).to.deep.equal([true, false]);
  expect(calls).to.deep.equal([[long.id]]);
});

test("a page that wakes in time beats at once, with all its leases, once for all events", async () => {
  const { etcd, platform, calls } = leaseScene();
  for (let i = 0; i < 3; i++) await etcd.lease({ ttlSeconds: 60 });
  platform.freeze(5_000);
  for (let i = 0; i < 3; i++) platform.wake();
  await settle();
  expect(calls).to.deep.equal([[1n, 2n, 3n]]);
});

test("waking hears from the server at once that the lease was revoked meanwhile", async () => {
  const scene = leaseScene();
  const lease = await scene.etcd.lease({ ttlSeconds: 60 });
  scene.answer = 0;
  scene.platform.freeze(5_000);
  scene.platform.wake();
  await settle();
  expect(isEtcdError(lease.signal.reason, "lease-lost")).to.equal(true);
});

test("a sign of life that was under way when the page fell asleep is not waited for", async () => {
  const scene = leaseScene();
  const lease = await scene.etcd.lease({ ttlSeconds: 60 });
  scene.answer = "silence";
  await scene.platform.pass(20_000);
  scene.platform.freeze(5_000);
  scene.answer = 60;
  scene.platform.wake();
  await settle();
  expect(scene.calls.length).to.equal(2);
  expect(scene.open).to.equal(0);
  await scene.platform.pass(59_000);
  expect(lease.signal.aborted).to.equal(false);
});

test("waking leaves a lease that is released or kept alive by hand alone", async () => {
  const { etcd, platform, calls } = leaseScene();
  const lease = await etcd.lease({ ttlSeconds: 60 });
  await etcd.lease({ ttlSeconds: 60, keepAlive: false });
  lease.release();
  platform.freeze(30_000);
  platform.wake();
  await settle();
  expect(calls.length).to.equal(0);
});
