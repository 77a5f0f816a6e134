import { expect } from "chai";
import { rejection } from "./expectations.ts";
import type { Suite } from "./suite.ts";

/** Writes that depend on what is there. */
export const conditional: Suite = {
  "create() writes a key that is not there": async ({ etcd, prefix }) => {
    const key = `${prefix}a`;
    await using lease = await etcd.lease({ ttlSeconds: 60 });
    const { revision, prevKv } = await etcd.create(key, "1", { lease, prevKv: true });
    const kv = await etcd.get(key);
    expect([kv?.text(), kv?.createRevision, kv?.lease]).to.deep.equal(["1", revision, lease.id]);
    expect(prevKv).to.equal(undefined);
  },

  "create() of a key that is there is already-exists, with what it holds": async ({ etcd, prefix }) => {
    const key = `${prefix}a`;
    const { revision } = await etcd.put(key, "1");
    const error = await rejection(etcd.create(key, "2"), "already-exists");
    expect([error.current?.text(), error.current?.modRevision, error.mayHaveRun]).to.deep.equal(["1", revision, false]);
    expect(error.message).to.contain(key);
    expect((await etcd.get(key))?.text()).to.equal("1");
  },

  "create() lets one of many through": async ({ etcd, prefix }) => {
    const key = `${prefix}a`;
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, (_, i) => etcd.create(key, String(i))));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).to.have.length(1);
    expect(Number((await etcd.get(key))?.text())).to.equal(outcomes.findIndex(({ status }) => status === "fulfilled"));
  },

  "update() writes a key that has not changed": async ({ etcd, prefix }) => {
    const key = `${prefix}a`;
    const { revision } = await etcd.put(key, "1");
    const updated = await etcd.update(key, "2", { ifModRevision: revision, prevKv: true });
    expect([updated.revision, updated.prevKv?.text()]).to.deep.equal([revision + 1n, "1"]);
    expect((await etcd.update(key, "3", { ifModRevision: Number(updated.revision) })).revision).to.equal(revision + 2n);
  },

  "update() of a key that has changed is conflict, with what it holds": async ({ etcd, prefix }) => {
    const key = `${prefix}a`;
    const { revision } = await etcd.put(key, "1");
    await etcd.put(key, "2");
    const changed = await rejection(etcd.update(key, "3", { ifModRevision: revision }), "conflict");
    expect([changed.current?.text(), changed.mayHaveRun]).to.deep.equal(["2", false]);
    await etcd.delete(key);
    const gone = await rejection(etcd.update(key, "3", { ifModRevision: revision }), "conflict");
    expect(gone.current).to.equal(undefined);
    expect(await etcd.get(key)).to.equal(undefined);
  },

  "update() with revision 0 writes only what is not there": async ({ etcd, prefix }) => {
    const key = `${prefix}a`;
    await etcd.update(key, "1", { ifModRevision: 0 });
    await rejection(etcd.update(key, "2", { ifModRevision: 0 }), "conflict");
    expect((await etcd.get(key))?.text()).to.equal("1");
  },

  "update() without a revision is refused: it would write whatever is there": async ({ etcd, prefix }) => {
    await rejection(etcd.update(`${prefix}a`, "1", {} as { ifModRevision: bigint }), "invalid-argument");
    expect(await etcd.get(`${prefix}a`)).to.equal(undefined);
  },

  "delete() with ifModRevision deletes a key that has not changed": async ({ etcd, prefix }) => {
    const key = `${prefix}a`;
    const { revision } = await etcd.put(key, "1");
    await etcd.put(key, "2");
    const error = await rejection(etcd.delete(key, { ifModRevision: revision }), "conflict");
    expect(error.current?.text()).to.equal("2");
    const result = await etcd.delete(key, { ifModRevision: revision + 1n, prevKv: true });
    expect([result.deleted, result.prevKvs[0]?.text()]).to.deep.equal([1, "2"]);
  },

  "delete() with ifModRevision is for one key": async ({ etcd, prefix }) => {
    await rejection(etcd.delete({ prefix }, { ifModRevision: 1n }), "invalid-argument");
  },

  "compact() forgets history, and not what is": async ({ etcd, prefix }) => {
    const key = `${prefix}a`;
    const { revision } = await etcd.put(key, "1");
    const last = await etcd.put(key, "2");
    const header = await etcd.compact(last.revision, { physical: true });
    expect(header.revision >= last.revision).to.equal(true);
    await rejection(etcd.get(key, { revision }), "compacted");
    expect((await etcd.get(key, { revision: last.revision }))?.text()).to.equal("2");
    await rejection(etcd.compact(last.revision), "compacted");
    await rejection(etcd.compact(last.revision + 1_000_000n), "future-revision");
  },
};
