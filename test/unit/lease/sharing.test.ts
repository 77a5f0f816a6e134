import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import { isEtcdError, type Lease } from "../../../src/index.ts";
import { settle } from "../support/fake-platform.ts";
import { type LeaseScene, leaseScene } from "../support/lease-scene.ts";

/** So many leases of 60 seconds. */
function grant({ etcd }: LeaseScene, count: number): Promise<Lease[]> {
  return Promise.all(Array.from({ length: count }, () => etcd.lease({ ttlSeconds: 60 })));
}

const alive = (leases: readonly Lease[]): boolean[] => leases.map(({ signal }) => !signal.aborted);

test("leases of one client beat in one call, in which each is asked for once", async () => {
  const scene = leaseScene();
  const leases = await grant(scene, 3);
  await scene.platform.pass(40_000);
  expect(scene.calls).to.deep.equal([
    [1n, 2n, 3n],
    [1n, 2n, 3n],
  ]);
  expect(alive(leases)).to.deep.equal([true, true, true]);
});

test("1,000 leases granted over a third of their time come to beat in four calls of 250", async () => {
  const scene = leaseScene();
  for (let i = 0; i < 100; i++) {
    await grant(scene, 10);
    await scene.platform.pass(200);
  }
  await scene.platform.pass(100_000);
  scene.calls.length = 0;
  await scene.platform.pass(20_000);
  expect(scene.calls.map(({ length }) => length)).to.deep.equal([250, 250, 250, 250]);
  expect(new Set(scene.calls.flat()).size).to.equal(1_000);
  expect(scene.platform.timers).to.equal(1);
});

test("a missing answer fails only its own lease, which is told lost when its time is up", async () => {
  const scene = leaseScene();
  const leases = await grant(scene, 3);
  scene.answers.set(2n, "skip");
  await scene.platform.pass(59_999);
  expect(alive(leases)).to.deep.equal([true, true, true]);
  await scene.platform.pass(1);
  expect(alive(leases)).to.deep.equal([true, false, true]);
  expect(leases[1]?.signal.reason.message).to.include("did not answer its keep-alive");
});

test("a lost lease costs the others nothing", async () => {
  const scene = leaseScene();
  const leases = await grant(scene, 3);
  scene.answers.set(1n, 0).set(2n, -1);
  await scene.platform.pass(20_000);
  expect(alive(leases)).to.deep.equal([false, false, true]);
  for (const { signal } of leases.slice(0, 2)) expect(isEtcdError(signal.reason, "lease-lost")).to.equal(true);
  await scene.platform.pass(20_000);
  expect(scene.calls.at(-1)).to.deep.equal([3n]);
});

test("answers that came before a call broke count", async () => {
  const scene = leaseScene();
  const leases = await grant(scene, 3);
  scene.answers.set(3n, new ConnectError("etcdserver: request timed out", Code.Unavailable));
  await scene.platform.pass(20_000);
  scene.answer = new ConnectError("etcdserver: no leader", Code.Unavailable);
  await scene.platform.pass(40_000);
  expect(alive(leases)).to.deep.equal([true, true, false]);
});

test("a lease that holds up or breaks the call goes last in the next one, so that the others live", async () => {
  for (const bad of ["silence", new ConnectError("etcdserver: permission denied", Code.PermissionDenied)] as const) {
    const scene = leaseScene();
    const leases = await grant(scene, 3);
    scene.answers.set(1n, bad);
    await scene.platform.pass(59_999);
    expect(scene.calls[0]?.[0]).to.equal(1n);
    expect(scene.calls[1]).to.deep.equal([2n, 3n, 1n]);
    expect(alive(leases)).to.deep.equal([true, true, true]);
    await scene.platform.pass(60_000);
    expect(alive(leases)).to.deep.equal([false, true, true]);
    expect(scene.open).to.equal(0);
  }
});

test("one lost call does not cost leases their life, nor leave one open", async () => {
  const scene = leaseScene();
  const leases = await grant(scene, 3);
  scene.answer = "silence";
  await scene.platform.pass(25_000);
  scene.answer = 60;
  await scene.platform.pass(200_000);
  expect(alive(leases)).to.deep.equal([true, true, true]);
  expect(scene.open).to.equal(0);
});

for (const [count, ttlSeconds, delayMs] of [
  [1, 3, 1_100],
  [1, 5, 2_500],
  [1, 60, 10_500],
  [250, 60, 50],
  [100, 60, 120],
  [40, 10, 50],
] as const) {
  test(`${count} leases of ${ttlSeconds} s live on though a call answers one each ${delayMs} ms`, async () => {
    const scene = leaseScene();
    scene.answer = ttlSeconds;
    const leases = await Promise.all(Array.from({ length: count }, () => scene.etcd.lease({ ttlSeconds })));
    scene.delayMs = delayMs;
    let most = 0;
    for (let i = 0; i < ttlSeconds * 8; i++) {
      await scene.platform.pass(500);
      most = Math.max(most, scene.open);
    }
    expect(alive(leases).filter((each) => !each).length).to.equal(0);
    expect(most).to.be.at.most(3);
  });
}

test("calls that hang are never more than three, and none is left when one is answered", async () => {
  const scene = leaseScene();
  const lease = await scene.etcd.lease({ ttlSeconds: 600 });
  scene.answer = "silence";
  await scene.platform.pass(199_000);
  const open: number[] = [];
  for (let i = 0; i < 6; i++) {
    open.push(scene.open);
    await scene.platform.pass(10_000);
  }
  expect(open).to.deep.equal([0, 1, 2, 3, 3, 3]);
  scene.answer = 600;
  await scene.platform.pass(10_000);
  expect([alive([lease]), scene.open]).to.deep.equal([[true], 0]);
});

test("tries that fail at once do not drop the one that is still to be answered", async () => {
  const scene = leaseScene();
  const [lease] = await grant(scene, 1);
  scene.delayMs = 25_000; // of the first alone
  await scene.platform.pass(20_000);
  scene.delayMs = 0;
  scene.answer = new ConnectError("etcdserver: no leader", Code.Unavailable);
  await scene.platform.pass(39_999);
  expect(lease && alive([lease])).to.deep.equal([true]);
  await scene.platform.pass(20_000);
  expect(lease && alive([lease])).to.deep.equal([true]);
});

for (const ttls of [[60], [10, 60], [10, 20, 60], [15, 30, 45, 60, 90]]) {
  test(`a server that hangs has three calls at the most, with leases of ${ttls.join(", ")} s`, async () => {
    const scene = leaseScene();
    for (const ttlSeconds of ttls) {
      const { id } = await scene.etcd.lease({ ttlSeconds });
      scene.answers.set(id, ttlSeconds);
    }
    await scene.platform.pass(47_000);
    for (const id of scene.answers.keys()) scene.answers.set(id, "silence");
    let most = 0;
    for (let i = 0; i < 120; i++) {
      await scene.platform.pass(500);
      most = Math.max(most, scene.open);
    }
    expect(most).to.be.at.most(3);
  });
}

test("leases with different times to live each keep their own clock", async () => {
  const scene = leaseScene();
  const short = await scene.etcd.lease({ ttlSeconds: 6 });
  const long = await scene.etcd.lease({ ttlSeconds: 60 });
  scene.answers.set(1n, 6);
  await scene.platform.pass(12_000);
  expect(scene.calls).to.deep.equal([[1n], [1n], [1n], [1n], [2n, 1n], [1n]]);
  scene.answer = "silence";
  scene.answers.clear();
  await scene.platform.pass(5_999);
  expect(alive([short, long])).to.deep.equal([true, true]);
  await scene.platform.pass(1);
  expect(alive([short, long])).to.deep.equal([false, true]);
  await scene.platform.pass(51_999);
  expect(alive([long])).to.deep.equal([true]);
  await scene.platform.pass(1);
  expect(alive([long])).to.deep.equal([false]);
});

test("release() of one in a call that hangs leaves the others, and of all ends the call", async () => {
  const scene = leaseScene();
  const [a, b] = await grant(scene, 2);
  scene.answer = "silence";
  await scene.platform.pass(20_000);
  a?.release();
  await settle();
  expect(scene.open).to.equal(1);
  b?.release();
  await settle();
  expect(scene.open).to.equal(0);
});

test("two handles of one lease are asked for once, and both hear the answer", async () => {
  const scene = leaseScene();
  const granted = await scene.etcd.lease({ ttlSeconds: 60 });
  const attached = scene.etcd.leases.attach(granted.id);
  await scene.platform.pass(20_000);
  expect(scene.calls).to.deep.equal([[1n], [1n]]);
  scene.answer = 0;
  await scene.platform.pass(20_000);
  expect(alive([granted, attached])).to.deep.equal([false, false]);
});

test("closing the client ends every lease and the call that is under way", async () => {
  const scene = leaseScene();
  const leases = await grant(scene, 3);
  scene.answer = "silence";
  await scene.platform.pass(20_000);
  await scene.etcd.close();
  await settle();
  expect([scene.open, scene.platform.timers, scene.platform.sleepers]).to.deep.equal([0, 0, 0]);
  for (const { signal } of leases) expect(isEtcdError(signal.reason, "closed")).to.equal(true);
});
