import { expect } from "chai";
import { rejection } from "./expectations.ts";
import type { Suite } from "./suite.ts";

/** Writing: put and delete. */
export const kvWrite: Suite = {
  "put() raises the revision by one, and answers with it": async ({ etcd, prefix }) => {
    const first = await etcd.put(`${prefix}a`, "1");
    const second = await etcd.put(`${prefix}a`, "2");
    expect(second.revision - first.revision).to.equal(1n);
    expect(second.header.revision).to.equal(second.revision);
    expect(second.prevKv).to.equal(undefined);
  },

  "put() gives the pair as it was before, where asked": async ({ etcd, prefix }) => {
    const key = `${prefix}a`;
    expect((await etcd.put(key, "1", { prevKv: true })).prevKv).to.equal(undefined);
    const { prevKv } = await etcd.put(key, "2", { prevKv: true });
    expect([prevKv?.text(), prevKv?.version]).to.deep.equal(["1", 1n]);
  },

  "put() takes an empty value for a value": async ({ etcd, prefix }) => {
    await etcd.put(`${prefix}a`, "");
    const kv = await etcd.get(`${prefix}a`);
    expect(kv?.value).to.deep.equal(new Uint8Array());
    expect(kv?.text()).to.equal("");
  },

  "put() keeps the value or the lease where asked": async ({ etcd, prefix }) => {
    const key = `${prefix}a`;
    await using lease = await etcd.lease({ ttlSeconds: 60 });
    await etcd.put(key, "1", { lease });
    await etcd.put(key, "2", { ignoreLease: true });
    expect((await etcd.get(key))?.lease).to.equal(lease.id);
    await etcd.put(key, "", { ignoreValue: true });
    const kv = await etcd.get(key);
    expect([kv?.text(), kv?.lease, kv?.version]).to.deep.equal(["2", 0n, 3n]);
  },

  "put() that keeps something of a key that is not there is key-not-found": async ({ etcd, prefix }) => {
    const key = `${prefix}nothing`;
    for (const options of [{ ignoreValue: true }, { ignoreLease: true }]) {
      const error = await rejection(etcd.put(key, "", options), "key-not-found");
      expect(error.mayHaveRun).to.equal(false);
    }
    expect(await etcd.get(key)).to.equal(undefined);
  },

  "put() refuses options that contradict each other": async ({ etcd, prefix }) => {
    await rejection(etcd.put(`${prefix}a`, "value", { ignoreValue: true }), "invalid-argument");
    await rejection(etcd.put(`${prefix}a`, "", { ignoreLease: true, lease: 1n }), "invalid-argument");
  },

  "put() with a lease that is not there is lease-not-found": async ({ etcd, prefix }) => {
    await rejection(etcd.put(`${prefix}a`, "", { lease: 4242424242n }), "lease-not-found");
  },

  "put() over the server's limit is too-large, and leaves the key as it was": async ({ etcd, prefix }) => {
    const key = `${prefix}a`;
    await etcd.put(key, "small");
    const overEtcds = new Uint8Array(1.6 * 1024 * 1024);
    const overGrpcs = new Uint8Array(2.5 * 1024 * 1024);
    for (const value of [overEtcds, overGrpcs]) {
      const error = await rejection(etcd.put(key, value), "too-large");
      expect(error.mayHaveRun).to.equal(false);
    }
    expect((await etcd.get(key))?.text()).to.equal("small");
  },

  "put() takes a value just below the server's limit": async ({ etcd, prefix }) => {
    const value = Uint8Array.from({ length: 1024 * 1024 }, (_, i) => i % 251);
    await etcd.put(`${prefix}a`, value);
    expect((await etcd.get(`${prefix}a`))?.value).to.deep.equal(value);
  },

  "delete() takes one key, a prefix or an interval": async ({ etcd, prefix }) => {
    for (const name of ["a", "b", "c1", "c2", "d"]) await etcd.put(prefix + name, name);
    expect((await etcd.delete(`${prefix}a`)).deleted).to.equal(1);
    expect((await etcd.delete({ prefix: `${prefix}c` })).deleted).to.equal(2);
    expect((await etcd.delete({ from: `${prefix}b`, to: `${prefix}d` })).deleted).to.equal(1);
    expect((await etcd.range({ prefix })).kvs.map((kv) => kv.text())).to.deep.equal(["d"]);
  },

  "delete() gives the pairs as they were before, where asked": async ({ etcd, prefix }) => {
    await etcd.put(`${prefix}a`, "1");
    await etcd.put(`${prefix}b`, "2");
    const { deleted, prevKvs } = await etcd.delete({ prefix }, { prevKv: true });
    expect(deleted).to.equal(2);
    expect(prevKvs.map((kv) => kv.text())).to.deep.equal(["1", "2"]);
  },

  "delete() that finds nothing makes no revision": async ({ etcd, prefix }) => {
    const { revision } = await etcd.put(`${prefix}a`, "");
    const nothing = await etcd.delete(`${prefix}b`);
    expect([nothing.deleted, nothing.prevKvs.length]).to.deep.equal([0, 0]);
    expect(nothing.revision).to.equal(revision);
  },

  "delete() of every key must be said": async ({ etcd, prefix }) => {
    await etcd.put(`${prefix}a`, "");
    await rejection(etcd.delete({ prefix: "" }), "invalid-argument");
    await rejection(etcd.delete({ from: "" }), "invalid-argument");
    expect(await etcd.count({ prefix })).to.equal(1);
    const { deleted } = await etcd.delete({ all: true });
    expect(deleted).to.be.at.least(1);
    expect(await etcd.count({ all: true })).to.equal(0);
  },

  "a key deleted and put again is a new one": async ({ etcd, prefix }) => {
    const key = `${prefix}a`;
    await etcd.put(key, "1");
    await etcd.put(key, "2");
    await etcd.delete(key);
    const { revision } = await etcd.put(key, "3");
    const kv = await etcd.get(key);
    expect([kv?.createRevision, kv?.version]).to.deep.equal([revision, 1n]);
  },
};
