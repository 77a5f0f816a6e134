import { createClient } from "@connectrpc/connect";
import { expect } from "chai";
import type { Etcd, WatchBatch, WatchEvent } from "../../src/index.ts";
import { KV } from "../../src/proto.ts";
import { rejection, take } from "./expectations.ts";
import type { Suite } from "./suite.ts";

/** What a watch delivers. */
export const watch: Suite = {
  "watch() sees puts and deletes from now on": async ({ etcd, prefix }) => {
    await etcd.put(`${prefix}before`, "");
    const watch = etcd.watch({ prefix });
    await watch.opened;
    const { revision: made } = await etcd.put(`${prefix}a`, "1");
    await etcd.put(`${prefix}a`, "2");
    const { revision: gone } = await etcd.delete(`${prefix}a`);
    const [first, second, third] = await take(watch, 3);
    expect(first).to.include({ type: "put", isCreate: true, prevKv: undefined });
    expect([first?.kv.keyText(), first?.kv.modRevision]).to.deep.equal([`${prefix}a`, made]);
    expect(second).to.include({ type: "put", isCreate: false });
    expect(third).to.include({ type: "delete" });
    expect([third?.kv.keyText(), third?.kv.modRevision]).to.deep.equal([`${prefix}a`, gone]);
  },

  "watch() delivers what happened between its opening and its first reader": async ({ etcd, prefix }) => {
    const watch = etcd.watch({ prefix });
    const first = await watch.opened;
    const { revision } = await etcd.put(`${prefix}a`, "");
    expect(first).to.equal(revision);
    const [event] = await take(watch, 1);
    expect(event?.kv.modRevision).to.equal(revision);
  },

  "watch() covers one key, a prefix, an interval or everything": async ({ etcd, prefix }) => {
    const { revision } = await etcd.put(`${prefix}a`, "");
    for (const name of ["b", "b0", "c"]) await etcd.put(prefix + name, "");
    const namesOf = async (range: Parameters<Etcd["watch"]>[0], count: number): Promise<string[]> => {
      const events = await take(etcd.watch(range, { startRevision: revision }), count);
      return events.map((event) => event.kv.keyText().slice(prefix.length));
    };
    expect(await namesOf(`${prefix}b`, 1)).to.deep.equal(["b"]);
    expect(await namesOf({ prefix: `${prefix}b` }, 2)).to.deep.equal(["b", "b0"]);
    expect(await namesOf({ from: `${prefix}b`, to: `${prefix}c` }, 2)).to.deep.equal(["b", "b0"]);
    expect(await namesOf({ from: `${prefix}b` }, 3)).to.deep.equal(["b", "b0", "c"]);
    expect(await namesOf({ all: true }, 4)).to.deep.equal(["a", "b", "b0", "c"]);
    expect(await namesOf({ prefix: "" }, 4)).to.deep.equal(["a", "b", "b0", "c"]);
  },

  "watch() replays history from a revision, then goes on": async ({ etcd, prefix }) => {
    const { revision } = await etcd.put(`${prefix}a`, "0");
    for (let i = 1; i < 5; i++) await etcd.put(`${prefix}a`, String(i));
    const watch = etcd.watch(`${prefix}a`, { startRevision: revision + 1n });
    expect(await watch.opened).to.equal(revision + 1n);
    await etcd.put(`${prefix}a`, "5");
    expect((await take(watch, 5)).map(textOf)).to.deep.equal(["1", "2", "3", "4", "5"]);
  },

  "watch() catches up with more revisions than the server sends at once": async ({ etcd, prefix }) => {
    const { revision } = await etcd.put(`${prefix}n`, "0");
    const writers = Array.from({ length: 50 }, async (_, writer) => {
      for (let i = 0; i < 25; i++) await etcd.put(`${prefix}${writer}`, String(i));
    });
    await Promise.all(writers);
    const batches = await take(etcd.watch({ prefix }, { startRevision: revision }).batches(), 1251);
    expectWholeAndOrdered(batches);
    expect(batches.at(0)?.revision).to.equal(revision);
    expect(batches.at(-1)?.revision).to.equal(revision + 1250n);
  },

  "watch() of a revision to come begins there": async ({ etcd, prefix }) => {
    const { revision } = await etcd.put(`${prefix}a`, "");
    const watch = etcd.watch({ prefix }, { startRevision: revision + 3n });
    expect(await watch.opened).to.equal(revision + 3n);
    for (const value of ["1", "2", "3"]) await etcd.put(`${prefix}a`, value);
    expect((await take(watch, 1)).map(textOf)).to.deep.equal(["3"]);
  },

  "watch() gives the pair as it was before, where asked": async ({ etcd, prefix }) => {
    const { revision } = await etcd.put(`${prefix}a`, "1");
    await etcd.put(`${prefix}a`, "2");
    await etcd.delete(`${prefix}a`);
    const events = await take(etcd.watch({ prefix }, { startRevision: revision, prevKv: true }), 3);
    expect(events.map((event) => event.prevKv?.text())).to.deep.equal([undefined, "1", "2"]);
    const without = await take(etcd.watch({ prefix }, { startRevision: revision }), 3);
    expect(without.map((event) => event.prevKv)).to.deep.equal([undefined, undefined, undefined]);
  },

  "watch() gives only puts, or only deletes, where asked": async ({ etcd, prefix }) => {
    const { revision } = await etcd.put(`${prefix}a`, "1");
    await etcd.delete(`${prefix}a`);
    await etcd.put(`${prefix}a`, "2");
    await etcd.delete(`${prefix}a`);
    const typesOf = async (only: "put" | "delete"): Promise<string[]> =>
      (await take(etcd.watch({ prefix }, { startRevision: revision, only }), 2)).map(({ type }) => type);
    expect(await typesOf("put")).to.deep.equal(["put", "put"]);
    expect(await typesOf("delete")).to.deep.equal(["delete", "delete"]);
  },

  "batches() never splits a revision": async ({ etcd, prefix }) => {
    const watch = etcd.watch({ prefix });
    await watch.opened;
    const put = (name: string) => ({
      request: { case: "requestPut" as const, value: { key: new TextEncoder().encode(prefix + name) } },
    });
    const { header } = await createClient(KV, etcd.transport).txn({ success: ["a", "b", "c"].map(put) });
    await etcd.put(`${prefix}d`, "");
    const [three, one] = await take(watch.batches(), 2);
    expect(three?.events.map(({ kv }) => kv.keyText().slice(prefix.length))).to.deep.equal(["a", "b", "c"]);
    expect(three?.revision).to.equal(header?.revision);
    expect([one?.revision, one?.events.length]).to.deep.equal([(header?.revision ?? 0n) + 1n, 1]);
  },

  "batches() puts together what the server sends in parts": async ({ etcd, prefix }) => {
    const value = new Uint8Array(900 * 1024).fill(7);
    const { revision } = await etcd.put(`${prefix}big`, value);
    for (let i = 0; i < 4; i++) await etcd.put(`${prefix}big`, value);
    const batches = await take(etcd.watch({ prefix }, { startRevision: revision }).batches(), 5);
    expectWholeAndOrdered(batches);
    expect(batches.map(({ events }) => (events[0]?.type === "put" ? events[0].kv.value.length : 0))).to.deep.equal(
      Array(5).fill(value.length),
    );
  },

  "batches() gives bookmarks while only others' keys change, where asked": async ({ etcd, prefix }) => {
    const watch = etcd.watch(`${prefix}quiet`, { progress: true });
    // A bookmark is for what has happened since: etcd sends none while its revision is below the watch's start.
    await watch.opened;
    const { revision } = await etcd.put(`${prefix}other`, "");
    const [bookmark] = await take(watch.batches(), 1);
    expect(bookmark?.events).to.deep.equal([]);
    expect(bookmark !== undefined && bookmark.revision >= revision).to.equal(true);
  },

  "watch() from before a compaction is compacted, and says how far": async (context) => {
    const { etcd, prefix } = context;
    const { revision: first } = await etcd.put(`${prefix}a`, "1");
    const { revision: second } = await etcd.put(`${prefix}a`, "2");
    await etcd.put(`${prefix}a`, "3");
    await context.compact(second);
    const watch = etcd.watch({ prefix }, { startRevision: first });
    const error = await rejection(take(watch, 1), "compacted");
    expect(error.compactRevision).to.equal(second);
    expect((await take(etcd.watch({ prefix }, { startRevision: second }), 2)).map(textOf)).to.deep.equal(["2", "3"]);
  },

  "several watches do not disturb each other": async ({ etcd, prefix }) => {
    const names = ["a", "b", "c"];
    const watches = names.map((name) => etcd.watch(prefix + name));
    await Promise.all(watches.map((watch) => watch.opened));
    const seen = Promise.all(watches.map((watch) => take(watch, 2)));
    for (const value of ["1", "2"]) for (const name of names) await etcd.put(prefix + name, name + value);
    expect((await seen).map((events) => events.map(textOf))).to.deep.equal(
      names.map((name) => [`${name}1`, `${name}2`]),
    );
  },
};

function textOf(event: WatchEvent): string | undefined {
  return event.type === "put" ? event.kv.text() : undefined;
}

function expectWholeAndOrdered(batches: readonly WatchBatch[]): void {
  const revisions = batches.map(({ revision }) => revision);
  expect(new Set(revisions).size).to.equal(revisions.length);
  expect(revisions).to.deep.equal([...revisions].sort((a, b) => Number(a - b)));
  for (const { revision, events } of batches) {
    expect(events.every(({ kv }) => kv.modRevision === revision)).to.equal(true);
  }
}
