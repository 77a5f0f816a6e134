import { createClient } from "@connectrpc/connect";
import { expect } from "chai";
import { isEtcdError } from "../../src/index.ts";
import { Lease } from "../../src/proto.ts";
import { rejection, take, until } from "./expectations.ts";
import type { Suite } from "./suite.ts";

/** Leases, on the server's clock and ours. */
export const lease: Suite = {
  "lease() grants, and its keys go when it is closed": async ({ etcd, prefix }) => {
    const lease = await etcd.lease({ ttlSeconds: 60 });
    expect(lease.id > 0n).to.equal(true);
    expect([lease.ttlSeconds, lease.signal.aborted]).to.deep.equal([60, false]);
    await etcd.put(`${prefix}a`, "", { lease });
    await etcd.put(`${prefix}b`, "", { lease: lease.id });
    const { keys, ttlSeconds, grantedTtlSeconds } = await lease.timeToLive({ keys: true });
    expect(keys.map((key) => new TextDecoder().decode(key)).sort()).to.deep.equal([`${prefix}a`, `${prefix}b`]);
    expect(grantedTtlSeconds).to.equal(60);
    expect(ttlSeconds).to.be.within(1, 60);
    await lease.close();
    expect(await etcd.count({ prefix })).to.equal(0);
    expect(isEtcdError(lease.signal.reason, "closed")).to.equal(true);
    await lease.close();
  },

  "lease() keeps it alive past its time": async ({ etcd, prefix }) => {
    await using lease = await etcd.lease({ ttlSeconds: 5 });
    await etcd.put(`${prefix}a`, "", { lease });
    const grantedMs = lease.ttlSeconds * 1000;
    await new Promise((resolve) => setTimeout(resolve, 1.5 * grantedMs));
    expect(lease.signal.aborted).to.equal(false);
    expect(await etcd.count({ prefix })).to.equal(1);
    expect((await lease.timeToLive()).ttlSeconds).to.be.at.least(0);
  },

  "a lease released ends by itself: its keys go, its signal aborts": async ({ etcd, prefix }) => {
    const lease = await etcd.lease({ ttlSeconds: 2 });
    const { revision } = await etcd.put(`${prefix}a`, "", { lease });
    const watch = etcd.watch({ prefix }, { startRevision: revision + 1n });
    lease.release();
    const [event] = await take(watch, 1);
    expect(event?.type).to.equal("delete");
    await until("the signal", () => lease.signal.aborted);
    expect(isEtcdError(lease.signal.reason, "lease-lost")).to.equal(true);
    expect((await lease.timeToLive()).ttlSeconds).to.equal(-1);
  },

  "lease() without keepAlive is kept alive by hand": async ({ etcd }) => {
    await using lease = await etcd.lease({ ttlSeconds: 60, keepAlive: false });
    expect(await lease.keepAliveOnce()).to.equal(60);
  },

  "a lease revoked by others is lost, at the latest at its next sign of life": async ({ etcd }) => {
    const lease = await etcd.lease({ ttlSeconds: 3 });
    await createClient(Lease, etcd.transport).leaseRevoke({ ID: lease.id });
    await until("the signal", () => lease.signal.aborted);
    const error = await rejection(Promise.reject(lease.signal.reason), "lease-lost");
    expect(error.message).to.include(String(lease.id));
    await rejection(lease.keepAliveOnce(), "lease-lost");
    await lease.close();
  },

  "lease() takes an id of one's own, once": async ({ etcd }) => {
    const id = BigInt(Math.floor(Math.random() * 2 ** 40)) + 2n ** 61n;
    await using lease = await etcd.lease({ ttlSeconds: 60, id });
    expect(lease.id).to.equal(id);
    await rejection(etcd.lease({ ttlSeconds: 60, id }), "already-exists");
  },

  "timeToLive() names no keys unless asked for them": async ({ etcd, prefix }) => {
    await using lease = await etcd.lease({ ttlSeconds: 60 });
    await etcd.put(`${prefix}a`, "", { lease });
    expect((await lease.timeToLive()).keys).to.deep.equal([]);
  },

  "lease() below the server's least time to live has that": async ({ etcd }) => {
    await using lease = await etcd.lease({ ttlSeconds: 1 });
    expect(lease.ttlSeconds).to.equal(2);
    expect((await lease.timeToLive()).grantedTtlSeconds).to.equal(2);
  },

  "leases.list() has every lease there is, until it is revoked": async ({ etcd }) => {
    const [first, second] = [await etcd.lease({ ttlSeconds: 60 }), await etcd.lease({ ttlSeconds: 60 })];
    expect(await etcd.leases.list()).to.include.members([first.id, second.id]);
    await first.revoke();
    const left = await etcd.leases.list();
    expect([left.includes(first.id), left.includes(second.id)]).to.deep.equal([false, true]);
    await second.revoke();
  },

  "leases.attach() keeps alive a lease that another client granted": async ({ etcd, client, prefix }) => {
    const granted = await client().lease({ ttlSeconds: 2, keepAlive: false });
    const lease = etcd.leases.attach(granted.id);
    expect([lease.id, lease.ttlSeconds, lease.signal.aborted]).to.deep.equal([granted.id, 0, false]);
    await etcd.put(`${prefix}a`, "", { lease });
    await until("its time to live", () => lease.ttlSeconds === granted.ttlSeconds);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect([lease.signal.aborted, await etcd.count({ prefix })]).to.deep.equal([false, 1]);
    expect(isEtcdError(granted.signal.reason, "lease-lost"), "who does not keep it alive cannot know").to.equal(true);
    await lease.close();
    expect(await etcd.count({ prefix })).to.equal(0);
  },

  "leases.attach() of a lease that is not there is told so": async ({ etcd }) => {
    const lease = etcd.leases.attach(4_711);
    await until("the signal", () => lease.signal.aborted);
    await rejection(Promise.reject(lease.signal.reason), "lease-lost");
    const idle = etcd.leases.attach(4_711, { keepAlive: false });
    expect(await idle.timeToLive({ keys: true })).to.deep.equal({ ttlSeconds: -1, grantedTtlSeconds: 0, keys: [] });
    await rejection(etcd.leases.attach(4_711, { keepAlive: false }).keepAliveOnce(), "lease-lost");
    await etcd.leases.attach(4_711, { keepAlive: false }).revoke();
  },

  "timeToLive() of an attached lease has its keys and what is left": async ({ etcd, client, prefix }) => {
    await using granted = await client().lease({ ttlSeconds: 60 });
    await etcd.put(`${prefix}a`, "", { lease: granted });
    const lease = etcd.leases.attach(granted.id, { keepAlive: false });
    const { keys, ttlSeconds } = await lease.timeToLive({ keys: true });
    expect(keys.map((key) => new TextDecoder().decode(key))).to.deep.equal([`${prefix}a`]);
    expect([lease.ttlSeconds, ttlSeconds]).to.deep.equal([60, ttlSeconds]);
    expect(ttlSeconds).to.be.within(50, 60);
    lease.release();
  },

  "timeToLive() in a namespace names the namespace's keys, by its own names": async ({ etcd, prefix }) => {
    const inside = etcd.namespace(`${prefix}in/`);
    await using lease = await inside.lease({ ttlSeconds: 60 });
    await inside.put("a", "", { lease });
    await etcd.put(`${prefix}out/b`, "", { lease });
    await etcd.put(`${prefix}in`, "", { lease });
    for (const each of [lease, inside.leases.attach(lease.id, { keepAlive: false })]) {
      const { keys } = await each.timeToLive({ keys: true });
      expect(keys.map((key) => new TextDecoder().decode(key))).to.deep.equal(["a"]);
    }
  },

  "leases of one client live on together, and one that is revoked costs the others nothing": async ({
    etcd,
    prefix,
  }) => {
    // Longer than a busy machine stands still, WebKit's 40 writes over HTTP/2 included.
    const leases = await Promise.all(Array.from({ length: 40 }, () => etcd.lease({ ttlSeconds: 8 })));
    await Promise.all(leases.map((lease, i) => etcd.put(`${prefix}${i}`, "", { lease })));
    const [revoked, ...others] = leases;
    await createClient(Lease, etcd.transport).leaseRevoke({ ID: revoked?.id ?? 0n });
    await until("the signal of the one revoked", () => revoked?.signal.aborted === true);
    await new Promise((resolve) => setTimeout(resolve, 11_000));
    expect(others.filter(({ signal }) => signal.aborted).length).to.equal(0);
    expect(await etcd.count({ prefix })).to.equal(39);
    await Promise.all(others.map((lease) => lease.close()));
    expect(await etcd.count({ prefix })).to.equal(0);
  },

  "lease() refuses a time to live that cannot be": async ({ etcd }) => {
    for (const ttlSeconds of [0, -1, 1.5, Number.NaN]) await rejection(etcd.lease({ ttlSeconds }), "invalid-argument");
    await rejection(etcd.lease({ ttlSeconds: 9_000_000_001 }), "invalid-argument");
  },

  "closing the client leaves a lease to expire": async ({ etcd, client, prefix }) => {
    const other = client();
    const lease = await other.lease({ ttlSeconds: 60 });
    await other.put(`${prefix}a`, "", { lease });
    await other.close();
    expect(isEtcdError(lease.signal.reason, "closed")).to.equal(true);
    expect(await etcd.count({ prefix })).to.equal(1);
    await createClient(Lease, etcd.transport).leaseRevoke({ ID: lease.id });
  },
};
