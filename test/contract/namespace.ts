import { expect } from "chai";
import { compare, type EtcdKeyspace, op, type WatchEvent } from "../../src/index.ts";
import { rejection } from "./expectations.ts";
import type { Suite } from "./suite.ts";

async function texts(keyspace: EtcdKeyspace, range: Parameters<EtcdKeyspace["range"]>[0]): Promise<string[]> {
  return (await keyspace.range(range)).kvs.map((kv) => kv.keyText());
}

/** A part of the keys, as if there were no others. */
export const namespace: Suite = {
  "namespace() adds its prefix on the way in, and takes it off on the way out": async ({ etcd, prefix }) => {
    const app = etcd.namespace(`${prefix}app/`);
    await app.put("a", "1");
    await app.create("b", "2");
    expect((await etcd.get(`${prefix}app/a`))?.text()).to.equal("1");
    expect((await app.get("a"))?.keyText()).to.equal("a");
    expect((await app.put("a", "3", { prevKv: true })).prevKv?.keyText()).to.equal("a");
    expect((await app.delete("a", { prevKv: true })).prevKvs[0]?.keyText()).to.equal("a");
    expect(await app.count({ all: true })).to.equal(1);
  },

  "namespace() keeps every range within it": async ({ etcd, prefix }) => {
    const app = etcd.namespace(`${prefix}app/`);
    for (const key of ["app", "app.", "app/", "app/a", "app/b", "app/c", "app0", "apq"])
      await etcd.put(prefix + key, "");
    expect(await texts(app, { all: true })).to.deep.equal(["a", "b", "c"]);
    expect(await texts(app, { prefix: "" })).to.deep.equal(["a", "b", "c"]);
    expect(await texts(app, { prefix: "b" })).to.deep.equal(["b"]);
    expect(await texts(app, { from: "b" })).to.deep.equal(["b", "c"]);
    expect(await texts(app, { from: "a", to: "c" })).to.deep.equal(["a", "b"]);
    expect((await app.delete({ from: "b" })).deleted).to.equal(2);
    await rejection(app.delete({ prefix: "" }), "invalid-argument");
    expect((await app.delete({ all: true })).deleted).to.equal(1);
    expect(await etcd.count({ prefix })).to.equal(5);
  },

  "namespace() of bytes without an end": async ({ etcd, prefix }) => {
    const end = etcd.namespace(Uint8Array.of(...new TextEncoder().encode(prefix), 0xff, 0xff));
    await end.put("a", "1");
    expect(await texts(end, { all: true })).to.deep.equal(["a"]);
    expect(await texts(end, { from: "a" })).to.deep.equal(["a"]);
  },

  "namespace() holds for transactions, nested ones and conditions": async ({ etcd, prefix }) => {
    const app = etcd.namespace(`${prefix}app/`);
    const answer = await app.txn({
      compare: [compare.missing("a"), compare.version({ all: true }).equals(0)],
      success: [
        op.put("a", "1"),
        op.txn({ compare: [compare.missing("a")], success: [op.range({ prefix: "" }), op.get("a")] }),
        op.delete("gone", { prevKv: true }),
      ],
    });
    const inner = answer.results[1];
    if (!inner?.succeeded) throw new Error("The conditions hold");
    expect(inner.results[0].kvs.map((kv) => kv.keyText())).to.deep.equal(["a"]);
    expect(inner.results[1]?.keyText()).to.equal("a");
    expect(await texts(etcd, { prefix })).to.deep.equal([`${prefix}app/a`]);
    expect((await app.do(op.get("a")))?.keyText()).to.equal("a");
  },

  "namespace() shows events and previous pairs without it": async ({ etcd, prefix }) => {
    const app = etcd.namespace(`${prefix}app/`);
    const { revision } = await app.put("a", "1");
    await app.put("a", "2");
    await etcd.put(`${prefix}app0`, "elsewhere");
    await app.delete("a");
    const seen: (string | undefined)[][] = [];
    for await (const event of app.watch({ all: true }, { startRevision: revision, prevKv: true })) {
      seen.push(shown(event));
      if (event.type === "delete") break;
    }
    expect(seen).to.deep.equal([
      ["put", "a", undefined],
      ["put", "a", "a"],
      ["delete", "a", "a"],
    ]);
  },

  "namespace() tells conflicts in its own keys": async ({ etcd, prefix }) => {
    const app = etcd.namespace(`${prefix}app/`);
    await app.put("a", "1");
    const error = await rejection(app.create("a", "2"), "already-exists");
    expect(error.current?.keyText()).to.equal("a");
    expect(error.message).not.to.contain(prefix);
  },

  "namespace() scans what is in it": async ({ etcd, prefix }) => {
    const app = etcd.namespace(`${prefix}app/`);
    await app.txn({ success: Array.from({ length: 30 }, (_, i) => op.put(`k${String(i).padStart(2, "0")}`, "")) });
    await etcd.put(`${prefix}app0`, "elsewhere");
    const keys: string[] = [];
    for await (const kv of app.scan({ all: true }, { pageSize: 7 })) keys.push(kv.keyText());
    expect([keys.length, keys[0], keys[29]]).to.deep.equal([30, "k00", "k29"]);
  },

  "namespace() nests": async ({ etcd, prefix }) => {
    const inner = etcd.namespace(prefix).namespace("a/").namespace("b/");
    await inner.put("c", "1");
    expect((await etcd.get(`${prefix}a/b/c`))?.text()).to.equal("1");
    expect(await texts(inner, { all: true })).to.deep.equal(["c"]);
  },
};

function shown(event: WatchEvent): (string | undefined)[] {
  return [event.type, event.kv.keyText(), event.prevKv?.keyText()];
}
