import { expect } from "chai";
import type { Watch } from "../../src/index.ts";
import { take, until } from "./expectations.ts";
import type { Suite } from "./suite.ts";

/** Many watches on one client: few streams, and nobody notices. */
export const watchMany: Suite = {
  "200 watches and ordinary calls work side by side": async ({ etcd, prefix }) => {
    const names = Array.from({ length: 200 }, (_, i) => `${prefix}${i}`);
    const watches = names.map((name) => etcd.watch(name));
    await Promise.all(watches.map((watch) => watch.opened));
    const seen = Promise.all(watches.map((watch) => take(watch, 1)));
    await Promise.all(names.map((name) => etcd.put(name, name)));
    expect(await etcd.count({ prefix })).to.equal(200);
    expect((await seen).map(([event]) => event?.kv.keyText())).to.deep.equal(names);
  },

  "watches that come one after another are each open before the next, and all hear": async ({ etcd, prefix }) => {
    const watches: Watch[] = [];
    for (let i = 0; i < 40; i++) {
      const watch = etcd.watch(`${prefix}${i}`);
      await watch.opened;
      watches.push(watch);
    }
    for (let i = 0; i < 40; i++) await etcd.put(`${prefix}${i}`, String(i));
    const seen = await Promise.all(watches.map((watch) => take(watch, 1)));
    expect(seen.map(([event]) => (event?.type === "put" ? event.kv.text() : ""))).to.deep.equal(
      Array.from({ length: 40 }, (_, i) => String(i)),
    );
  },

  "watches that come and go do not disturb those that stay": async ({ etcd, prefix }) => {
    const stays = etcd.watch({ prefix: `${prefix}stays/` });
    await stays.opened;
    const reading = take(stays.batches(), 60);
    const writing: bigint[] = [];
    for (let i = 0; i < 60; i++) {
      const goes = etcd.watch({ prefix: `${prefix}goes/` });
      await goes.opened;
      writing.push((await etcd.put(`${prefix}stays/${i % 3}`, String(i))).revision);
      await etcd.put(`${prefix}goes/a`, String(i));
      const [event] = await take(goes, 1);
      expect(event?.type === "put" && event.kv.text()).to.equal(String(i));
    }
    expect((await reading).map(({ revision }) => revision)).to.deep.equal(writing);
  },

  "watches of every kind share streams: from now, from history, filtered, by other headers": async (context) => {
    const { etcd, prefix } = context;
    const { revision } = await etcd.put(`${prefix}a`, "1");
    await etcd.delete(`${prefix}a`);
    const watches = [
      etcd.watch(`${prefix}a`, { startRevision: revision }),
      etcd.watch({ prefix }, { startRevision: revision, only: "delete", prevKv: true }),
      etcd.watch({ prefix }, { startRevision: revision, requireLeader: false }),
      etcd.watch({ all: true }, { startRevision: revision + 1n }),
    ];
    const [first, second, third, fourth] = await Promise.all(watches.map((watch) => take(watch, 1)));
    expect([first?.[0]?.type, second?.[0]?.type, third?.[0]?.type, fourth?.[0]?.type]).to.deep.equal([
      "put",
      "delete",
      "put",
      "delete",
    ]);
    expect(second?.[0]?.prevKv?.text()).to.equal("1");
  },

  "a reader that does not read holds up nobody, and reads everything later": async ({ etcd, prefix }) => {
    const value = new Uint8Array(100 * 1024).fill(1);
    const { revision } = await etcd.put(`${prefix}big`, value);
    for (let i = 1; i < 100; i++) await etcd.put(`${prefix}big`, value);
    const slow = etcd.watch(`${prefix}big`, { startRevision: revision }).batches()[Symbol.asyncIterator]();
    expect((await slow.next()).value?.revision).to.equal(revision);
    const quick = etcd.watch(`${prefix}quick`);
    await quick.opened;
    await etcd.put(`${prefix}quick`, "");
    expect((await take(quick, 1)).length).to.equal(1);
    const revisions: bigint[] = [];
    while (revisions.length < 99) {
      const { value: batch } = await slow.next();
      if (batch) revisions.push(batch.revision);
    }
    expect(revisions).to.deep.equal(Array.from({ length: 99 }, (_, i) => revision + BigInt(i + 1)));
    await slow.return?.();
    await until("idle", () => etcd.connection.state.state === "idle");
  },
};
