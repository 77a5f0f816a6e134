import { expect } from "chai";
import type { RangeOptions } from "../../src/index.ts";
import { rejection } from "./expectations.ts";
import { all, fill, keyOf } from "./numbered.ts";
import type { Suite } from "./suite.ts";

/** Reading more than an answer should hold. */
export const scan: Suite = {
  "scan() gives every pair once, in order": async ({ etcd, prefix }) => {
    await fill(etcd, prefix, 1234);
    for (const options of [{}, { pageSize: 100 }, { pageSize: 617 }, { pageSize: 5000 }]) {
      const pairs = await all(etcd.scan({ prefix }, options));
      expect(pairs.map((kv) => kv.keyText())).to.deep.equal(Array.from(pairs, (_, i) => keyOf(prefix, i)));
      expect(pairs).to.have.length(1234);
    }
  },

  "scan() of nothing, and of one key": async ({ etcd, prefix }) => {
    expect(await all(etcd.scan({ prefix }))).to.deep.equal([]);
    await etcd.put(`${prefix}a`, "1");
    expect((await all(etcd.scan(`${prefix}a`))).map((kv) => kv.text())).to.deep.equal(["1"]);
  },

  "scan() stays at one revision, whatever is written meanwhile": async ({ etcd, prefix }) => {
    await fill(etcd, prefix, 500);
    const seen: string[] = [];
    for await (const kv of etcd.scan({ prefix }, { pageSize: 50 })) {
      if (seen.length === 20) await etcd.delete({ from: keyOf(prefix, 300), to: keyOf(prefix, 400) });
      if (seen.length === 40) await etcd.put(keyOf(prefix, 450), "changed");
      seen.push(kv.text());
    }
    expect(seen).to.deep.equal(Array.from({ length: 500 }, (_, i) => String(i)));
  },

  "scan() reads history, keys alone, and bounds of revisions": async ({ etcd, prefix }) => {
    await fill(etcd, prefix, 300);
    const { revision } = (await all(etcd.scan({ prefix }))).length === 300 ? await etcd.put(`${prefix}x`, "") : never();
    const before = await all(etcd.scan({ prefix }, { revision: revision - 1n, keysOnly: true, pageSize: 70 }));
    expect([before.length, before[299]?.keyText(), before[299]?.text()]).to.deep.equal([300, keyOf(prefix, 299), ""]);
    const newer = await all(etcd.scan({ prefix }, { minModRevision: revision }));
    expect(newer.map((kv) => kv.keyText())).to.deep.equal([`${prefix}x`]);
    const older = await all(etcd.scan({ prefix }, { maxModRevision: revision - 1n, pageSize: 70 }));
    expect(older).to.have.length(300);
  },

  "scan() that is left leaves nothing behind": async ({ etcd, prefix }) => {
    await fill(etcd, prefix, 1000);
    let count = 0;
    for await (const _ of etcd.scan({ prefix })) if (++count === 300) break;
    expect(count).to.equal(300);
  },

  "scan() ends with its signal, and with its client": async ({ etcd, client, prefix }) => {
    await fill(etcd, prefix, 1000);
    const controller = new AbortController();
    const aborted = (async () => {
      for await (const _ of etcd.scan({ prefix }, { signal: controller.signal })) controller.abort(new Error("enough"));
    })();
    await rejection(aborted, "aborted");
    const another = client();
    const closed = (async () => {
      for await (const _ of another.scan({ prefix }, { pageSize: 10 })) await another.close();
    })();
    await rejection(closed, "closed");
  },

  "scan() of what is compacted meanwhile is compacted": async ({ etcd, prefix }) => {
    await fill(etcd, prefix, 300);
    const scanning = (async () => {
      for await (const _ of etcd.scan({ prefix }, { pageSize: 10, minModRevision: 1n })) {
        const { revision } = await etcd.put(`${prefix}x`, "");
        await etcd.compact(revision).catch(() => {});
      }
    })();
    await rejection(scanning, "compacted");
  },

  "scan() of a large range is read ahead by a bound, and whole": async ({ etcd, prefix }) => {
    await fill(etcd, prefix, 4000, "x".repeat(2000));
    let bytes = 0;
    let count = 0;
    for await (const kv of etcd.scan({ prefix })) {
      bytes += kv.value.length;
      if (count++ % 1000 === 0) await etcd.get(kv.key);
    }
    const digits = Array.from({ length: 4000 }, (_, i) => String(i).length).reduce((sum, each) => sum + each);
    expect([count, bytes]).to.deep.equal([4000, 4000 * 2000 + digits]);
  },

  "scan() refuses a page of nothing, and what is for range()": async ({ etcd, prefix }) => {
    expect(() => etcd.scan({ prefix }, { pageSize: 0 })).to.throw("pageSize must be 1 or more");
    for (const options of [{ limit: 10 }, { sort: { by: "modRevision", order: "descending" } }] as RangeOptions[])
      expect(() => etcd.scan({ prefix }, options)).to.throw("limit and sort are options of range()");
  },
};

function never(): never {
  throw new Error("The range is not whole");
}
