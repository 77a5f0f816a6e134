import { expect } from "chai";
import type { Etcd } from "../../src/index.ts";
import { type SyncUpdate, sync } from "../../src/live/index.ts";
import { createFaultyFetch } from "../fixtures/faulty-fetch.ts";
import { reasonOf, rejection, take } from "./expectations.ts";
import { fill } from "./numbered.ts";
import type { Suite } from "./suite.ts";

/** What a reader of updates has in the end. */
function state(updates: readonly SyncUpdate[]): Record<string, string> {
  const pairs = new Map<string, string>();
  for (const update of updates) {
    if (update.type === "snapshot") pairs.clear();
    for (const kv of update.type === "snapshot" ? update.kvs : []) pairs.set(kv.keyText(), kv.text());
    for (const event of update.type === "changes" ? update.events : []) {
      if (event.type === "put") pairs.set(event.kv.keyText(), event.kv.text());
      else pairs.delete(event.kv.keyText());
    }
  }
  return Object.fromEntries(pairs);
}

async function present(etcd: Etcd, prefix: string): Promise<Record<string, string>> {
  const { kvs } = await etcd.range({ prefix });
  return Object.fromEntries(kvs.map((kv) => [kv.keyText(), kv.text()]));
}

/** A range, kept up to date. */
export const live: Suite = {
  "sync() gives what is there, and then what changes, a revision at a time": async ({ etcd, prefix }) => {
    await etcd.put(`${prefix}a`, "1");
    const { revision } = await etcd.put(`${prefix}b`, "2");
    const updates: SyncUpdate[] = [];
    for await (const update of sync(etcd, { prefix })) {
      updates.push(update);
      if (updates.length === 1) await etcd.delete(`${prefix}a`);
      if (updates.length === 2) await etcd.put(`${prefix}c`, "3");
      if (updates.length === 3) break;
    }
    expect(updates.map(({ type }) => type)).to.deep.equal(["snapshot", "changes", "changes"]);
    expect(updates.map((update) => update.revision - revision)).to.deep.equal([0n, 1n, 2n]);
    expect(state(updates)).to.deep.equal(await present(etcd, prefix));
  },

  "sync() of an empty range gives its empty snapshot": async ({ etcd, prefix }) => {
    const [update] = await take(sync(etcd, { prefix }), 1);
    expect(update).to.include({ type: "snapshot" });
    expect(update?.type === "snapshot" && update.kvs).to.deep.equal([]);
  },

  "sync() of more than a page is whole, at one revision": async ({ etcd, prefix }) => {
    await fill(etcd, prefix, 2_500);
    for (const range of [{ prefix }, { from: prefix, to: `${prefix}~` }]) {
      const [update] = await take(sync(etcd, range), 1);
      expect(update?.type === "snapshot" && update.kvs.length).to.equal(2_500);
      expect(state(update ? [update] : [])).to.deep.equal(await present(etcd, prefix));
    }
  },

  "sync() of a namespace shows its keys": async ({ etcd, prefix }) => {
    const app = etcd.namespace(prefix);
    await app.put("a", "1");
    expect(state(await take(sync(app, { all: true }), 1))).to.deep.equal({ a: "1" });
  },

  "sync() ends as a watch does": async ({ etcd, client, prefix }) => {
    const closed = sync(etcd, { prefix });
    const reading = closed[Symbol.asyncIterator]();
    await reading.next();
    const pending = reading.next();
    await closed.close();
    expect(await pending).to.deep.equal({ done: true, value: undefined });
    expect(() => closed[Symbol.asyncIterator]()).to.throw(TypeError);

    const returned = sync(etcd, { prefix })[Symbol.asyncIterator]();
    await returned.next();
    const waiting = returned.next();
    await returned.return?.();
    expect((await waiting).done).to.equal(true);

    const controller = new AbortController();
    const aborted = sync(etcd, { prefix }, { signal: controller.signal })[Symbol.asyncIterator]();
    await aborted.next();
    const enough = new Error("enough");
    const rejected = reasonOf(aborted.next());
    controller.abort(enough);
    expect(await rejected).to.equal(enough);

    const another = client();
    const left = sync(another, { prefix })[Symbol.asyncIterator]();
    await left.next();
    const ended = rejection(left.next(), "closed");
    await another.close();
    await ended;
  },
};

/** The same over a link that breaks. */
export const liveFaults: Suite = {
  "sync() gives a fresh snapshot where history was compacted away meanwhile": async ({ etcd, client, prefix }) => {
    const faulty = createFaultyFetch();
    await etcd.put(`${prefix}a`, "1");
    const updates: SyncUpdate[] = [];
    for await (const update of sync(client({ fetch: faulty.fetch }), { prefix })) {
      updates.push(update);
      if (updates.length === 1) await etcd.put(`${prefix}b`, "2");
      if (updates.length === 2) {
        faulty.refuse();
        faulty.cut();
        await etcd.delete(`${prefix}a`);
        const { revision } = await etcd.put(`${prefix}c`, "3");
        await etcd.compact(revision);
        faulty.mend();
      }
      if (updates.length === 3) await etcd.put(`${prefix}d`, "4");
      if (updates.length === 4) break;
    }
    expect(updates.map(({ type }) => type)).to.deep.equal(["snapshot", "changes", "snapshot", "changes"]);
    expect(state(updates)).to.deep.equal(await present(etcd, prefix));
  },

  "sync() waits for an etcd that cannot be reached, but no longer than it was told to": async ({
    etcd,
    client,
    prefix,
  }) => {
    const faulty = createFaultyFetch();
    faulty.refuse();
    const reading = sync(client({ fetch: faulty.fetch }), { prefix })[Symbol.asyncIterator]();
    const first = reading.next();
    await etcd.put(`${prefix}a`, "1");
    faulty.mend();
    expect((await first).value).to.include({ type: "snapshot" });
    await reading.return?.();
    faulty.refuse();
    const impatient = sync(client({ fetch: faulty.fetch }), { prefix }, { timeoutMs: 300 });
    await rejection(impatient[Symbol.asyncIterator]().next(), "timeout");
  },
};
