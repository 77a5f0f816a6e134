import { expect } from "chai";
import { createQueue } from "../../src/recipes/index.ts";
import { rejection } from "./expectations.ts";
import type { Suite } from "./suite.ts";

/** Queues, in order and by priority. */
export const recipesQueue: Suite = {
  "dequeue() takes in the order of coming, from the keys of Go's Queue": async ({ etcd, prefix }) => {
    const queue = createQueue(etcd, `${prefix}q`);
    for (const value of ["a", "b", "c"]) await queue.enqueue(value);
    for (const kv of (await etcd.range({ prefix })).kvs) {
      expect(/^q\/\d{19}$/.test(kv.keyText().slice(prefix.length)), kv.keyText()).to.equal(true);
    }
    const taken = [await queue.dequeue(), await queue.dequeue(), await queue.dequeue()];
    expect(taken.map((kv) => kv.text())).to.deep.equal(["a", "b", "c"]);
    expect(await etcd.count({ prefix })).to.equal(0);
  },

  "dequeue() waits for a value": async ({ etcd, client, prefix }) => {
    const waiting = createQueue(etcd, `${prefix}q`).dequeue();
    await createQueue(client(), `${prefix}q`).enqueue("late");
    expect((await waiting).text()).to.equal("late");
  },

  "dequeue() by many gives each value once": async ({ etcd, client, prefix }) => {
    const queues = [etcd, client(), client()].map((each) => createQueue(each, `${prefix}q`));
    const taking = queues.flatMap((queue) => Array.from({ length: 8 }, () => queue.dequeue()));
    for (let i = 0; i < 24; i++) await queues[i % 3]?.enqueue(String(i));
    const taken = (await Promise.all(taking)).map((kv) => Number(kv.text()));
    expect(taken.toSorted((a, b) => a - b)).to.deep.equal(Array.from({ length: 24 }, (_, i) => i));
    expect(await etcd.count({ prefix })).to.equal(0);
  },

  "dequeue() by priority takes the lowest first, from the keys of Go's PriorityQueue": async ({ etcd, prefix }) => {
    const queue = createQueue(etcd, `${prefix}q`);
    await queue.enqueue("b1", { priority: 20 });
    await queue.enqueue("plain");
    await queue.enqueue("a1", { priority: 3 });
    await queue.enqueue("b2", { priority: 20 });
    await queue.enqueue("a2", { priority: 3 });
    const keys = (await etcd.range({ prefix: `${prefix}q/` }, { limit: 4 })).kvs.map((kv) => kv.keyText());
    expect(keys.map((key) => key.slice(prefix.length))).to.deep.equal([
      "q/00003/0000000000000000",
      "q/00003/0000000000000001",
      "q/00020/0000000000000000",
      "q/00020/0000000000000001",
    ]);
    expect(await etcd.get(`__${prefix}q/00003`)).not.to.equal(undefined);
    const taken: string[] = [];
    for (let i = 0; i < 5; i++) taken.push((await queue.dequeue()).text());
    expect(taken).to.deep.equal(["a1", "a2", "b1", "b2", "plain"]);
    await etcd.delete({ prefix: `__${prefix}` });
  },

  "enqueue() by many with one priority loses and doubles none": async ({ etcd, client, prefix }) => {
    const queues = [etcd, client(), client()].map((each) => createQueue(each, `${prefix}q`));
    await Promise.all(Array.from({ length: 15 }, (_, i) => queues[i % 3]?.enqueue(String(i), { priority: 1 })));
    const taken = await Promise.all(Array.from({ length: 15 }, (_, i) => queues[i % 3]?.dequeue()));
    const numbers = taken.map((kv) => Number(kv?.text())).toSorted((a, b) => a - b);
    expect(numbers).to.deep.equal(Array.from({ length: 15 }, (_, i) => i));
    await etcd.delete({ prefix: `__${prefix}` });
  },

  "enqueue() refuses a priority that cannot be": async ({ etcd, prefix }) => {
    const queue = createQueue(etcd, `${prefix}q`);
    for (const priority of [-1, 1.5, 65_536, Number.NaN]) {
      await rejection(queue.enqueue("a", { priority }), "invalid-argument");
    }
  },

  "dequeue() ends with its signal and its timeoutMs, and takes nothing": async ({ etcd, prefix }) => {
    const queue = createQueue(etcd, `${prefix}q`);
    await rejection(queue.dequeue({ timeoutMs: 100 }), "timeout");
    const abort = new AbortController();
    const waiting = rejection(queue.dequeue({ signal: abort.signal }), "aborted");
    abort.abort();
    await waiting;
    await queue.enqueue("a");
    expect((await queue.dequeue()).text()).to.equal("a");
  },

  "dequeue() in a namespace stays in it": async ({ etcd, prefix }) => {
    const queue = createQueue(etcd.namespace(`${prefix}app/`), "q");
    await queue.enqueue("a", { priority: 0 });
    expect(await etcd.count({ prefix: `${prefix}app/__q/` })).to.equal(1);
    expect((await queue.dequeue()).keyText()).to.equal("q/00000/0000000000000000");
  },
};
