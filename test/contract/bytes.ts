import { expect } from "chai";
import { type Etcd, KeyValue, type Range } from "../../src/index.ts";
import { rejection, take, thrown } from "./expectations.ts";
import type { Suite } from "./suite.ts";

/** Nothing that goes in may come out different; what cannot go in is refused at once. */
export const bytes: Suite = {
  "keys and values that are not UTF-8 come back exactly": async ({ etcd, prefix }) => {
    const start = new TextEncoder().encode(prefix);
    const keys = [
      Uint8Array.of(0xff),
      Uint8Array.of(0xfe),
      Uint8Array.of(0xc3, 0x28),
      Uint8Array.of(0),
      Uint8Array.of(0xef, 0xbb, 0xbf),
    ];
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    for (const [i, key] of keys.entries()) await etcd.put(Uint8Array.of(...start, ...key), Uint8Array.of(i, ...all));
    for (const [i, key] of keys.entries()) {
      const kv = await etcd.get(Uint8Array.of(...start, ...key));
      expect(kv?.key).to.deep.equal(Uint8Array.of(...start, ...key));
      expect(kv?.value).to.deep.equal(Uint8Array.of(i, ...all));
    }
    expect(await etcd.count({ prefix })).to.equal(keys.length);
  },

  "keys named like parts of JavaScript are keys like others": async ({ etcd, prefix }) => {
    for (const name of ["__proto__", "constructor", "toString", "then"]) {
      await etcd.put(name, name);
      expect((await etcd.get(name))?.text()).to.equal(name);
      await etcd.delete(name);
    }
    const watch = etcd.watch({ prefix: `${prefix}__proto__` });
    await watch.opened;
    await etcd.put(`${prefix}__proto__`, "x");
    const [event] = await take(watch, 1);
    expect(event?.kv.keyText()).to.equal(`${prefix}__proto__`);
  },

  "text keeps its BOM, its emoji and its line ends": async ({ etcd, prefix }) => {
    const text = "\uFEFFa\r\nb\u0000 🦆 é";
    await etcd.put(prefix + text, text);
    const kv = await etcd.get(prefix + text);
    expect([kv?.keyText(), kv?.text()]).to.deep.equal([prefix + text, text]);
  },

  "64-bit ids come back exactly": async ({ etcd, prefix }) => {
    const id = 2n ** 62n + 3n;
    await using lease = await etcd.lease({ ttlSeconds: 60, id });
    await etcd.put(`${prefix}a`, "", { lease: id });
    expect([lease.id, (await etcd.get(`${prefix}a`))?.lease]).to.deep.equal([id, id]);
  },

  "every result survives JSON.stringify and postMessage": async ({ etcd, prefix }) => {
    for (const [name, result] of await oneOfEach(etcd, prefix)) {
      const json: unknown = JSON.parse(JSON.stringify(result));
      expect(json, name).to.be.an("object");
      const copy: unknown = await posted(result);
      expect(JSON.stringify(plain(copy)), name).to.equal(JSON.stringify(plain(result)));
    }
  },

  "toJSON() writes 64-bit values in decimals and bytes as text, or base64 where they are none": async ({
    etcd,
    prefix,
  }) => {
    const { revision } = await etcd.put(`${prefix}a`, Uint8Array.of(0xff, 0x00));
    const kv = await etcd.get(`${prefix}a`);
    const at = revision.toString();
    expect(JSON.parse(JSON.stringify(kv))).to.deep.equal({
      key: `${prefix}a`,
      value: "base64:/wA=",
      createRevision: at,
      modRevision: at,
      version: "1",
      lease: "0",
    });
  },

  "KeyValue.from() gives a posted pair its methods back": async ({ etcd, prefix }) => {
    await etcd.put(`${prefix}a`, '{"n":1}');
    const copy = (await posted(await etcd.get(`${prefix}a`))) as KeyValue;
    const kv = KeyValue.from(copy);
    expect([kv.keyText(), kv.json()]).to.deep.equal([`${prefix}a`, { n: 1 }]);
  },

  "an empty key, an empty range and one that ends before it begins are invalid-argument": async ({ etcd }) => {
    await rejection(etcd.get(""), "invalid-argument");
    await rejection(etcd.put(new Uint8Array(), "value"), "invalid-argument");
    const wrong: unknown[] = [
      "",
      { key: "" },
      { from: "b", to: "b" },
      { from: "b", to: "a" },
      { to: "a" },
      {},
      { all: false },
      null,
      7,
    ];
    for (const range of [...wrong, { prefix: "a", key: "a" }, { from: "a", to: "" }] as Range[]) {
      await rejection(etcd.range(range), "invalid-argument");
      await rejection(etcd.count(range), "invalid-argument");
      await rejection(etcd.delete(range), "invalid-argument");
      thrown(() => etcd.watch(range), "invalid-argument");
    }
  },

  "text that UTF-8 cannot carry and numbers that are no revisions are invalid-argument": async ({ etcd, prefix }) => {
    const half = "\ud83e";
    await rejection(etcd.put(prefix + half, ""), "invalid-argument");
    await rejection(etcd.put(`${prefix}a`, half), "invalid-argument");
    for (const revision of [1.5, Number.NaN, -1, 2 ** 53, 2n ** 63n]) {
      await rejection(etcd.get(`${prefix}a`, { revision }), "invalid-argument");
      thrown(() => etcd.watch(prefix, { startRevision: revision }), "invalid-argument");
    }
    await rejection(etcd.range(prefix, { limit: -1 }), "invalid-argument");
    await rejection(etcd.range(prefix, { limit: 0.5 }), "invalid-argument");
    for (const nothing of [null, {}] as never[]) {
      await rejection(etcd.put(`${prefix}a`, "", { lease: nothing }), "invalid-argument");
      await rejection(etcd.range(prefix, { sort: nothing }), "invalid-argument");
    }
    expect(await etcd.count({ prefix })).to.equal(0);
  },
};

async function oneOfEach(etcd: Etcd, prefix: string): Promise<[string, object | undefined][]> {
  await using lease = await etcd.lease({ ttlSeconds: 60 });
  const watch = etcd.watch({ prefix }, { prevKv: true });
  await watch.opened;
  const put = await etcd.put(`${prefix}a`, Uint8Array.of(0xff), { lease, prevKv: true });
  const get = await etcd.get(`${prefix}a`);
  const range = await etcd.range({ prefix });
  const timeToLive = await lease.timeToLive({ keys: true });
  const deleted = await etcd.delete({ prefix }, { prevKv: true });
  const batches = await take(watch.batches(), 2);
  return Object.entries({ put, get, range, timeToLive, deleted, putBatch: batches[0], deleteBatch: batches[1] });
}

/** What arrives at the other end of a port. */
async function posted(value: unknown): Promise<unknown> {
  const { port1, port2 } = new MessageChannel();
  const arrived = new Promise((resolve) => {
    port2.onmessage = ({ data }) => resolve(data);
  });
  port1.postMessage(value);
  try {
    return await arrived;
  } finally {
    port1.close();
  }
}

/** Fields only, in a form that can be compared across prototypes. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}
