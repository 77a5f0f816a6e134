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
    await using lease = await etcd.lease({ ttlSeconds: 2 });
    await etcd.put(`${prefix}a`, "", { lease });
    const grantedMs = lease.ttlSeconds * 1000;
    await new Promise((resolve) => setTimeout(resolve, 2 * grantedMs));
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
