import { expect } from "chai";
import { compare, type Etcd, op } from "../../src/index.ts";
import { rejection } from "./expectations.ts";
import type { Suite } from "./suite.ts";

/** Whether conditions hold. */
async function holds(etcd: Etcd, ...conditions: ReturnType<typeof compare.exists>[]): Promise<boolean> {
  return (await etcd.txn({ compare: conditions })).succeeded;
}

/** Transactions. */
export const txn: Suite = {
  "txn() runs success where every condition holds, at one revision": async ({ etcd, prefix }) => {
    const [a, b, c] = [`${prefix}a`, `${prefix}b`, `${prefix}c`];
    const before = await etcd.put(a, "1");
    const answer = await etcd.txn({
      compare: [compare.exists(a), compare.missing(b)],
      success: [op.put(b, "2"), op.put(c, "3", { prevKv: true }), op.delete(a, { prevKv: true }), op.get(b)],
      failure: [op.get(a)],
    });
    if (!answer.succeeded) throw new Error("The conditions hold");
    const [put, another, deleted, got] = answer.results;
    expect(answer.revision).to.equal(before.revision + 1n);
    expect([put.revision, another.prevKv, deleted.deleted]).to.deep.equal([answer.revision, undefined, 1]);
    expect(deleted.prevKvs.map((kv) => kv.text())).to.deep.equal(["1"]);
    expect([got?.text(), got?.modRevision]).to.deep.equal(["2", answer.revision]);
    expect(put.header).to.deep.equal(answer.header);
  },

  "txn() runs failure where one condition does not hold": async ({ etcd, prefix }) => {
    const key = `${prefix}a`;
    await etcd.put(key, "1");
    const answer = await etcd.txn({
      compare: [compare.exists(key), compare.value(key).equals("2")],
      success: [op.delete(key)],
      failure: [op.range({ prefix }, { keysOnly: true }), op.count({ prefix })],
    });
    if (answer.succeeded) throw new Error("A condition does not hold");
    const [range, count] = answer.results;
    expect(range.kvs.map((kv) => kv.keyText())).to.deep.equal([key]);
    expect([range.count, range.more, count]).to.deep.equal([1, false, 1]);
    expect((await etcd.get(key))?.text()).to.equal("1");
  },

  "txn() without conditions succeeds": async ({ etcd, prefix }) => {
    const { succeeded, results } = await etcd.txn({ success: [op.put(`${prefix}a`, "1")] });
    expect([succeeded, results.length]).to.deep.equal([true, 1]);
    expect((await etcd.txn({})).results).to.deep.equal([]);
  },

  "txn() compares what a key has": async ({ etcd, prefix }) => {
    const key = `${prefix}a`;
    await using lease = await etcd.lease({ ttlSeconds: 60 });
    const { revision: created } = await etcd.put(key, "x");
    const { revision: modified } = await etcd.put(key, "m", { lease });
    const held = [
      compare.version(key).equals(2),
      compare.version(key).notEquals(3n),
      compare.version(key).greater(1n),
      compare.version(key).less(3n),
      compare.createRevision(key).equals(created),
      compare.createRevision(key).less(modified),
      compare.modRevision(key).equals(modified),
      compare.modRevision(key).greater(created),
      compare.lease(key).equals(lease),
      compare.lease(key).notEquals(0n),
      compare.value(key).equals("m"),
      compare.value(key).notEquals("x"),
      compare.value(key).greater("a"),
      compare.value(key).less("x"),
      compare.exists(key),
    ];
    for (const condition of held) expect(await holds(etcd, condition), JSON.stringify(condition.target)).to.equal(true);
    const not = [
      compare.version(key).equals(1),
      compare.createRevision(key).greater(created),
      compare.modRevision(key).notEquals(modified),
      compare.lease(key).equals(0n),
      compare.value(key).less("m"),
      compare.missing(key),
    ];
    for (const condition of not) expect(await holds(etcd, condition), condition.target).to.equal(false);
    expect(await holds(etcd, ...held)).to.equal(true);
    expect(await holds(etcd, ...held, compare.missing(key))).to.equal(false);
  },

  "txn() takes a missing key for one with zeros, whose value is nothing": async ({ etcd, prefix }) => {
    const key = `${prefix}missing`;
    const zeros = [compare.version(key), compare.createRevision(key), compare.modRevision(key)];
    for (const target of zeros) expect(await holds(etcd, target.equals(0n))).to.equal(true);
    expect(await holds(etcd, compare.lease(key).equals(0n))).to.equal(true);
    expect(await holds(etcd, compare.value(key).equals(""))).to.equal(false);
    expect(await holds(etcd, compare.value(key).notEquals("x"))).to.equal(false);
  },

  "txn() compares every key of a range": async ({ etcd, prefix }) => {
    await etcd.put(`${prefix}a`, "on");
    await etcd.put(`${prefix}b`, "on");
    expect(await holds(etcd, compare.value({ prefix }).equals("on"))).to.equal(true);
    await etcd.put(`${prefix}b`, "off");
    expect(await holds(etcd, compare.value({ prefix }).equals("on"))).to.equal(false);
    expect(await holds(etcd, compare.createRevision({ prefix: `${prefix}none/` }).equals(0n))).to.equal(true);
  },

  "txn() nests, at the same revision; conditions look at what was there before it": async ({ etcd, prefix }) => {
    const [a, b] = [`${prefix}a`, `${prefix}b`];
    const answer = await etcd.txn({
      success: [
        op.put(a, "1"),
        op.txn({ compare: [compare.missing(a)], success: [op.put(b, "2"), op.get(a)], failure: [op.get(b)] }),
      ],
    });
    const [put, inner] = answer.results;
    if (!inner?.succeeded) throw new Error("The condition held before");
    expect(inner.results[1]?.text()).to.equal("1");
    expect([put?.revision, inner.results[0].revision]).to.deep.equal([answer.revision, answer.revision]);
    expect((await etcd.get(b))?.modRevision).to.equal(answer.revision);
  },

  "txn() reads what it has written, and history": async ({ etcd, prefix }) => {
    const key = `${prefix}a`;
    const { revision } = await etcd.put(key, "1");
    const { results } = await etcd.txn({ success: [op.put(key, "2"), op.get(key), op.get(key, { revision })] });
    expect([results[1]?.text(), results[2]?.text()]).to.deep.equal(["2", "1"]);
  },

  "txn() that writes a key twice is duplicate-key, and changes nothing": async ({ etcd, prefix }) => {
    const key = `${prefix}a`;
    const error = await rejection(etcd.txn({ success: [op.put(key, "1"), op.put(key, "2")] }), "duplicate-key");
    expect(error.mayHaveRun).to.equal(false);
    expect(await etcd.get(key)).to.equal(undefined);
  },

  "txn() of more than 128 operations is too-many-operations": async ({ etcd, prefix }) => {
    const puts = Array.from({ length: 129 }, (_, i) => op.put(`${prefix}${i}`, ""));
    await rejection(etcd.txn({ success: puts }), "too-many-operations");
    expect((await etcd.txn({ success: puts.slice(1) })).results).to.have.length(128);
  },

  "txn() refuses what op and compare did not make": async ({ etcd, prefix }) => {
    const foreign = { kind: "range" } as const;
    await rejection(etcd.txn({ success: [foreign] }), "invalid-argument");
    await rejection(etcd.txn({ compare: [{ target: "value" }], success: [op.get(prefix)] }), "invalid-argument");
    await rejection(etcd.do(foreign), "invalid-argument");
  },

  "txn() of reads may not have run, whatever happens": async ({ etcd, prefix }) => {
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    const error = await rejection(etcd.txn({ success: [op.get(prefix)] }, { signal }), "aborted");
    expect([error.mayHaveRun, error.cause]).to.deep.equal([false, reason]);
  },

  "do() runs one operation of each kind": async ({ etcd, prefix }) => {
    const key = `${prefix}a`;
    const { revision } = await etcd.do(op.put(key, "1"));
    expect((await etcd.do(op.get(key)))?.modRevision).to.equal(revision);
    expect((await etcd.do(op.range({ prefix }))).kvs.map((kv) => kv.keyText())).to.deep.equal([key]);
    expect(await etcd.do(op.count({ prefix }))).to.equal(1);
    expect((await etcd.do(op.txn({ compare: [compare.exists(key)] }))).succeeded).to.equal(true);
    expect((await etcd.do(op.delete(key))).deleted).to.equal(1);
    expect(await etcd.do(op.get(key))).to.equal(undefined);
  },
};
