import { expect } from "chai";
import type { KeyValue } from "../../src/index.ts";
import { createFaultyFetch } from "../fixtures/faulty-fetch.ts";
import { all, fill, keyOf } from "./numbered.ts";
import type { Suite } from "./suite.ts";

const streamPath = "/etcdserverpb.KV/RangeStream";
const pagePath = "/etcdserverpb.KV/Range";

function expectWhole(pairs: readonly KeyValue[], prefix: string, count: number): void {
  expect(pairs.map((kv) => kv.keyText())).to.deep.equal(Array.from({ length: count }, (_, i) => keyOf(prefix, i)));
}

/** What a scan gives when its link breaks, and what it learns of the server. */
export const scanFaults: Suite = {
  "scan() uses RangeStream where the server has it, and asks only once where not": async ({
    etcd,
    client,
    target,
    prefix,
  }) => {
    await fill(etcd, prefix, 900);
    const faulty = createFaultyFetch();
    const scanning = client({ fetch: faulty.fetch });
    const streams = (): number => faulty.requests.filter((path) => path === streamPath).length;
    expectWhole(await all(scanning.scan({ prefix }, { pageSize: 50 })), prefix, 900);
    expect(streams()).to.equal(1);
    const pages = faulty.requests.filter((path) => path === pagePath).length;
    expect(pages).to.equal(target.traits.rangeStream ? 1 : 900 / 50);
    expectWhole(await all(scanning.namespace(prefix).scan({ all: true }, { pageSize: 50 })), "", 900);
    expect(streams()).to.equal(target.traits.rangeStream ? 2 : 1);
  },

  "scan() of a range that fits its first page is one call": async ({ etcd, client, prefix }) => {
    await fill(etcd, prefix, 100);
    const faulty = createFaultyFetch();
    expectWhole(await all(client({ fetch: faulty.fetch }).scan({ prefix })), prefix, 100);
    expect(faulty.requests).to.deep.equal([pagePath]);
  },

  "scan() whose stream is cut goes on where it was, at the same revision": async ({ etcd, client, target, prefix }) => {
    await fill(etcd, prefix, 3000, "x".repeat(100));
    const faulty = createFaultyFetch();
    faulty.cutAfterBytes(20_000, { path: streamPath });
    faulty.cutAfterFrames(2, { path: streamPath });
    faulty.cutAfterFrames(0, { path: streamPath, how: "end" });
    const pairs: KeyValue[] = [];
    for await (const kv of client({ fetch: faulty.fetch }).scan({ prefix })) {
      if (pairs.length === 10) await etcd.delete({ prefix });
      pairs.push(kv);
    }
    expectWhole(pairs, prefix, 3000);
    if (target.traits.rangeStream) expect(faulty.cuts).to.equal(3);
  },

  "scan() whose consumer rests holds no stream, and goes on after it": async ({ etcd, client, prefix }) => {
    await fill(etcd, prefix, 4000, "x".repeat(1000));
    const faulty = createFaultyFetch();
    const scanned = client({ fetch: faulty.fetch }).scan({ prefix })[Symbol.asyncIterator]();
    const pairs: KeyValue[] = [];
    for (let i = 0; i < 150; i++) pairs.push((await scanned.next()).value as KeyValue);
    for (let i = 0; i < 100 && faulty.openStreams > 0; i++) await etcd.get(prefix);
    expect(faulty.openStreams).to.equal(0);
    for (let next = await scanned.next(); !next.done; next = await scanned.next()) pairs.push(next.value);
    expectWhole(pairs, prefix, 4000);
  },
};
