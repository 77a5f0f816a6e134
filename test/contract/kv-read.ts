import { expect } from "chai";
import { type Etcd, KeyValue, type Range, type RangeOptions } from "../../src/index.ts";
import { rejection } from "./expectations.ts";
import type { Suite } from "./suite.ts";

/** Reading: one key, ranges, counts, history. */
export const kvRead: Suite = {
  "get() gives undefined for a key that is not there": async ({ etcd, prefix }) => {
    expect(await etcd.get(`${prefix}nothing`)).to.equal(undefined);
  },

  "get() gives the pair with its history": async ({ etcd, prefix }) => {
    const key = `${prefix}a`;
    const first = await etcd.put(key, "1");
    const second = await etcd.put(key, "2");
    const kv = await etcd.get(key);
    expect(kv).to.be.instanceOf(KeyValue);
    expect([kv?.keyText(), kv?.text()]).to.deep.equal([key, "2"]);
    expect(kv?.createRevision).to.equal(first.revision);
    expect(kv?.modRevision).to.equal(second.revision);
    expect([kv?.version, kv?.lease]).to.deep.equal([2n, 0n]);
  },

  "get() reads a key as it was at a revision": async ({ etcd, prefix }) => {
    const key = `${prefix}a`;
    const { revision } = await etcd.put(key, "old");
    await etcd.put(key, "new");
    expect((await etcd.get(key, { revision }))?.text()).to.equal("old");
    expect(await etcd.get(key, { revision: Number(revision) - 1 })).to.equal(undefined);
    expect((await etcd.get(key, { serializable: true }))?.text()).to.equal("new");
  },

  "get() of a revision to come is future-revision": async ({ etcd, prefix }) => {
    const { revision } = await etcd.put(`${prefix}a`, "");
    const error = await rejection(etcd.get(`${prefix}a`, { revision: revision + 1_000_000n }), "future-revision");
    expect(error.reason).to.equal("etcdserver: mvcc: required revision is a future revision");
  },

  "get() of a compacted revision is compacted; the revision compacted to is still there": async (context) => {
    const { etcd, prefix } = context;
    const key = `${prefix}a`;
    const { revision: first } = await etcd.put(key, "1");
    const { revision: second } = await etcd.put(key, "2");
    await context.compact(second);
    expect((await etcd.get(key, { revision: second }))?.text()).to.equal("2");
    const error = await rejection(etcd.get(key, { revision: first }), "compacted");
    expect([error.mayHaveRun, error.retryable]).to.deep.equal([false, false]);
  },

  "range() covers a prefix, an interval, the rest, or one key": async ({ etcd, prefix }) => {
    for (const name of ["a", "b", "b0", "c"]) await etcd.put(prefix + name, "");
    const end = `${prefix.slice(0, -1)}0`; // "0" follows "/"
    const table: [Range, string[]][] = [
      [{ prefix }, ["a", "b", "b0", "c"]],
      [{ prefix: `${prefix}b` }, ["b", "b0"]],
      [{ from: `${prefix}b`, to: `${prefix}c` }, ["b", "b0"]],
      [{ from: `${prefix}b0`, to: end }, ["b0", "c"]],
      [`${prefix}b`, ["b"]],
      [{ key: `${prefix}b` }, ["b"]],
      [new TextEncoder().encode(`${prefix}b`), ["b"]],
      [{ prefix: `${prefix}d` }, []],
    ];
    for (const [range, names] of table) {
      expect(await namesIn(etcd, range, prefix), JSON.stringify(range)).to.deep.equal(names);
      expect(await etcd.count(range), JSON.stringify(range)).to.equal(names.length);
    }
  },

  "range() without an end, of an empty prefix and of all reach the last key of the store": async ({ etcd, prefix }) => {
    const last = Uint8Array.of(0xff, 0xff, ...new TextEncoder().encode(prefix));
    await etcd.put(last, "last");
    await etcd.put(`${prefix}a`, "");
    for (const range of [{ all: true }, { prefix: "" }, { from: "" }, { from: `${prefix}a` }] as const) {
      const { kvs, count } = await etcd.range(range);
      expect(count).to.equal(kvs.length);
      expect(kvs.at(-1)?.key).to.deep.equal(last);
      expect(kvs.filter((kv) => kv.text() === "last").length).to.equal(1);
    }
    const { kvs } = await etcd.range({ prefix: Uint8Array.of(0xff, 0xff) });
    expect(kvs.map((kv) => kv.text())).to.deep.equal(["last"]);
    await etcd.delete(last);
  },

  "range() limits, and says that there is more": async ({ etcd, prefix }) => {
    for (const name of ["a", "b", "c"]) await etcd.put(prefix + name, name);
    const two = await etcd.range({ prefix }, { limit: 2 });
    expect([two.kvs.map((kv) => kv.text()), two.count, two.more]).to.deep.equal([["a", "b"], 3, true]);
    const three = await etcd.range({ prefix }, { limit: 3 });
    expect([three.kvs.length, three.count, three.more]).to.deep.equal([3, 3, false]);
  },

  "range() sorts by every field, both ways": async ({ etcd, prefix }) => {
    // key order a b c; create order b c a; mod order c a b; versions c 1, a 2, b 3; values a z, b y, c x
    for (const [name, value] of ["b0", "cx", "az", "b1"].map((pair) => [...pair] as [string, string])) {
      await etcd.put(prefix + name, value);
    }
    await etcd.put(`${prefix}a`, "z");
    await etcd.put(`${prefix}b`, "y");
    const orders = { key: "abc", version: "cab", createRevision: "bca", modRevision: "cab", value: "cba" } as const;
    for (const by of ["key", "version", "createRevision", "modRevision", "value"] as const) {
      const ascending = (await namesIn(etcd, { prefix }, prefix, { sort: { by } })).join("");
      const descending = (await namesIn(etcd, { prefix }, prefix, { sort: { by, order: "descending" } })).join("");
      expect([ascending, descending], by).to.deep.equal([orders[by], [...orders[by]].reverse().join("")]);
    }
  },

  "range() keeps to revision bounds, which count does not heed": async ({ etcd, prefix }) => {
    const { revision: a } = await etcd.put(`${prefix}a`, "");
    const { revision: b } = await etcd.put(`${prefix}b`, "");
    const { revision: a2 } = await etcd.put(`${prefix}a`, "");
    const table: [RangeOptions, string[]][] = [
      [{ minModRevision: a2 }, ["a"]],
      [{ maxModRevision: b }, ["b"]],
      [{ minCreateRevision: b }, ["b"]],
      [{ maxCreateRevision: a }, ["a"]],
      [{ minModRevision: b, maxModRevision: a2 }, ["a", "b"]],
    ];
    for (const [options, names] of table) {
      const { kvs, count } = await etcd.range({ prefix }, options);
      expect(kvs.map((kv) => kv.keyText().slice(prefix.length))).to.deep.equal(names);
      expect(count).to.equal(2);
    }
  },

  "range() of keys only leaves values out": async ({ etcd, target, prefix }) => {
    await using lease = await etcd.lease({ ttlSeconds: 60 });
    await etcd.put(`${prefix}a`, "value", { lease });
    const [kv] = (await etcd.range({ prefix }, { keysOnly: true })).kvs;
    expect([kv?.text(), kv?.version]).to.deep.equal(["", 1n]);
    expect(kv?.lease).to.equal(target.traits.keysOnlyWithLease ? lease.id : 0n);
  },

  "range() names the store's revision, also where an older one was read": async ({ etcd, prefix }) => {
    const { revision: old } = await etcd.put(`${prefix}a`, "");
    const { revision } = await etcd.put(`${prefix}b`, "");
    const { kvs, revision: present, header } = await etcd.range({ prefix }, { revision: old });
    expect(kvs.length).to.equal(1);
    expect(present >= revision).to.equal(true);
    expect(header.revision).to.equal(present);
    expect([header.clusterId, header.memberId, header.raftTerm].every((id) => id > 0n)).to.equal(true);
  },
};

async function namesIn(etcd: Etcd, range: Range, prefix: string, options: RangeOptions = {}): Promise<string[]> {
  const { kvs } = await etcd.range(range, options);
  return kvs.map((kv) => kv.keyText().slice(prefix.length));
}
