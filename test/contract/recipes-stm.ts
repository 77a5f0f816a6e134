import { expect } from "chai";
import { type Isolation, stm } from "../../src/recipes/index.ts";
import { reasonOf, rejection } from "./expectations.ts";
import type { Suite } from "./suite.ts";

const isolations: readonly Isolation[] = [
  "serializable-snapshot",
  "serializable",
  "repeatable-reads",
  "read-committed",
];

/** What a write by somebody else in the middle of a transaction leads to. */
interface Interference {
  readonly attempts: number;
  /** What the last attempt read of `b`, after others had changed it. */
  readonly sawB: string;
}

/** Software transactional memory. */
export const recipesStm: Suite = {
  "stm() commits its writes at once, and gives what the body gave": async ({ etcd, prefix }) => {
    const [a, b, c] = [`${prefix}a`, `${prefix}b`, `${prefix}c`];
    await etcd.put(b, "old");
    for (const isolation of isolations) {
      const given = await stm(
        etcd,
        async (tx) => {
          tx.put(a, "1");
          tx.delete(b);
          tx.put(c, (await tx.get(b))?.text() ?? "gone");
          expect(await etcd.get(a)).to.equal(undefined);
          return 7;
        },
        { isolation },
      );
      expect(given).to.equal(7);
      const { kvs } = await etcd.range({ prefix });
      expect(kvs.map((kv) => [kv.keyText(), kv.text()])).to.deep.equal([
        [a, "1"],
        [c, "gone"],
      ]);
      expect(kvs[0]?.modRevision).to.equal(kvs[1]?.modRevision);
      await etcd.delete({ prefix });
      await etcd.put(b, "old");
    }
  },

  "stm() reads its own writes": async ({ etcd, prefix }) => {
    await etcd.put(`${prefix}a`, "0");
    await stm(etcd, async (tx) => {
      expect((await tx.get(`${prefix}a`))?.text()).to.equal("0");
      tx.put(`${prefix}a`, "1");
      expect((await tx.get(`${prefix}a`))?.text()).to.equal("1");
      expect((await tx.get(`${prefix}a`))?.modRevision).to.equal(0n);
      tx.delete(`${prefix}a`);
      expect(await tx.get(`${prefix}a`)).to.equal(undefined);
      tx.put(`${prefix}a`, "2");
    });
    expect((await etcd.get(`${prefix}a`))?.text()).to.equal("2");
  },

  "stm() of concurrent increments loses none": async ({ etcd, client, prefix }) => {
    const key = `${prefix}counter`;
    for (const isolation of isolations.slice(0, 3)) {
      await etcd.put(key, "0");
      const increment = (i: number): Promise<void> =>
        stm(i % 2 === 0 ? etcd : client(), async (tx) => tx.put(key, String(Number((await tx.get(key))?.text()) + 1)), {
          isolation,
        });
      await Promise.all(Array.from({ length: 12 }, (_, i) => increment(i)));
      expect((await etcd.get(key))?.text(), isolation).to.equal("12");
    }
  },

  "stm() keeps out what its isolation says": async ({ etcd, prefix }) => {
    const [a, b, c] = [`${prefix}a`, `${prefix}b`, `${prefix}c`];
    // In the first attempt others write what was read (a), what will be read (b), or what will be written unread (c).
    async function interfere(isolation: Isolation, key: string): Promise<Interference> {
      for (const each of [a, b, c]) await etcd.put(each, "0");
      let attempts = 0;
      let sawB = "";
      await stm(
        etcd,
        async (tx) => {
          attempts++;
          await tx.get(a);
          if (attempts === 1) await etcd.put(key, "1");
          sawB = (await tx.get(b))?.text() ?? "";
          tx.put(c, `by ${isolation}`);
        },
        { isolation },
      );
      expect((await etcd.get(c))?.text()).to.equal(`by ${isolation}`);
      return { attempts, sawB };
    }
    const again = { attempts: 2, sawB: "0" };
    const once = { attempts: 1, sawB: "0" };
    expect(await interfere("serializable-snapshot", a)).to.deep.equal(again);
    expect(await interfere("serializable-snapshot", b)).to.deep.equal({ attempts: 2, sawB: "1" });
    expect(await interfere("serializable-snapshot", c)).to.deep.equal(again);
    expect(await interfere("serializable", a)).to.deep.equal(again);
    expect(await interfere("serializable", b)).to.deep.equal({ attempts: 2, sawB: "1" });
    expect(await interfere("serializable", c)).to.deep.equal(once);
    expect(await interfere("repeatable-reads", a)).to.deep.equal(again);
    expect(await interfere("repeatable-reads", b)).to.deep.equal({ attempts: 1, sawB: "1" });
    expect(await interfere("repeatable-reads", c)).to.deep.equal(once);
    expect(await interfere("read-committed", a)).to.deep.equal(once);
    expect(await interfere("read-committed", b)).to.deep.equal({ attempts: 1, sawB: "1" });
    expect(await interfere("read-committed", c)).to.deep.equal(once);
  },

  "stm() sees one revision, whatever happens meanwhile": async ({ etcd, prefix }) => {
    const [a, b] = [`${prefix}a`, `${prefix}b`];
    await etcd.put(a, "1");
    await etcd.put(b, "1");
    for (const isolation of isolations.slice(0, 2)) {
      const seen: (string | undefined)[][] = [];
      await stm(
        etcd,
        async (tx) => {
          const first = (await tx.get(a))?.text();
          if (seen.length === 0) {
            await etcd.put(b, `${isolation} b`);
            await etcd.put(a, `${isolation} a`);
          }
          seen.push([first, (await tx.get(b))?.text()]);
        },
        { isolation },
      );
      expect(seen.length).to.equal(2);
      expect(seen[0]?.includes(`${isolation} b`)).to.equal(false);
      expect(seen[1]).to.deep.equal([`${isolation} a`, `${isolation} b`]);
    }
  },

  "stm() with reads side by side has one first": async ({ etcd, prefix }) => {
    for (const key of ["a", "b", "c"]) await etcd.put(prefix + key, key);
    const texts = await stm(etcd, async (tx) => {
      const kvs = await Promise.all(["a", "b", "c", "a", "none"].map((key) => tx.get(prefix + key)));
      return kvs.map((kv) => kv?.text());
    });
    expect(texts).to.deep.equal(["a", "b", "c", "a", undefined]);
  },

  "stm() with prefetch reads the same": async ({ etcd, prefix }) => {
    const keys = ["a", "b"].map((key) => prefix + key);
    for (const key of keys) await etcd.put(key, "0");
    for (const isolation of isolations) {
      let attempts = 0;
      const seen = await stm(
        etcd,
        async (tx) => {
          if (++attempts === 1) await etcd.put(`${prefix}a`, isolation);
          return (await tx.get(`${prefix}a`))?.text();
        },
        { isolation, prefetch: keys },
      );
      const guarded = isolation !== "read-committed";
      expect(attempts, isolation).to.equal(guarded ? 2 : 1);
      if (guarded) expect(seen).to.equal(isolation);
    }
  },

  "stm() is over after maxAttempts": async ({ etcd, prefix }) => {
    let attempts = 0;
    const body = stm(
      etcd,
      async (tx) => {
        await tx.get(`${prefix}a`);
        await etcd.put(`${prefix}a`, String(++attempts));
        tx.put(`${prefix}b`, "");
      },
      { maxAttempts: 3 },
    );
    await rejection(body, "conflict");
    expect(attempts).to.equal(3);
    expect(await etcd.get(`${prefix}b`)).to.equal(undefined);
  },

  "stm() ends with what its body throws, and writes nothing": async ({ etcd, prefix }) => {
    const error = new Error("no");
    const given = stm(etcd, async (tx) => {
      tx.put(`${prefix}a`, "");
      throw error;
    });
    expect(await reasonOf(given)).to.equal(error);
    expect(await etcd.count({ prefix })).to.equal(0);
  },

  "stm() that writes without reading never conflicts": async ({ etcd, prefix }) => {
    let attempts = 0;
    await stm(etcd, async (tx) => {
      attempts++;
      await etcd.put(`${prefix}a`, "theirs");
      tx.put(`${prefix}a`, "ours");
    });
    expect([attempts, (await etcd.get(`${prefix}a`))?.text()]).to.deep.equal([1, "ours"]);
  },

  "stm() writes with a lease": async ({ etcd, prefix }) => {
    await using lease = await etcd.lease({ ttlSeconds: 60 });
    await stm(etcd, async (tx) => {
      tx.put(`${prefix}a`, "", { lease });
      expect((await tx.get(`${prefix}a`))?.lease).to.equal(lease.id);
    });
    expect((await etcd.get(`${prefix}a`))?.lease).to.equal(lease.id);
  },

  "stm() that writes more than the server takes says so": async ({ etcd, prefix }) => {
    const many = stm(etcd, async (tx) => {
      for (let i = 0; i < 129; i++) tx.put(`${prefix}${i}`, "");
    });
    await rejection(many, "too-many-operations");
    const large = stm(etcd, async (tx) => tx.put(`${prefix}a`, new Uint8Array(1.7 * 1024 * 1024)));
    await rejection(large, "too-large");
    expect(await etcd.count({ prefix })).to.equal(0);
  },

  "stm() ends with its signal and its timeoutMs": async ({ etcd, prefix }) => {
    const abort = new AbortController();
    const forever = stm(etcd, () => new Promise<void>(() => {}), { signal: abort.signal });
    abort.abort(new Error("enough"));
    expect((await rejection(forever, "aborted")).mayHaveRun).to.equal(false);
    await rejection(
      stm(etcd, () => new Promise<void>(() => {}), { timeoutMs: 50 }),
      "timeout",
    );
    await rejection(
      stm(etcd, async (tx) => void (await tx.get(`${prefix}a`)), { signal: AbortSignal.abort() }),
      "aborted",
    );
  },

  "stm() reads again where what it stood on was compacted away": async ({ etcd, prefix, compact }) => {
    await etcd.put(`${prefix}a`, "1");
    let attempts = 0;
    const seen = await stm(etcd, async (tx) => {
      await tx.get(`${prefix}a`);
      if (++attempts === 1) await compact((await etcd.put(`${prefix}b`, "1")).revision);
      return (await tx.get(`${prefix}b`))?.text();
    });
    expect([attempts, seen]).to.deep.equal([2, "1"]);
  },

  "stm() refuses what cannot be, and work after its end": async ({ etcd, prefix }) => {
    const nothing = async (): Promise<void> => {};
    await rejection(stm(etcd, nothing, { isolation: "chaos" as Isolation }), "invalid-argument");
    await rejection(stm(etcd, nothing, { maxAttempts: 0 }), "invalid-argument");
    await rejection(
      stm(etcd, async (tx) => tx.put("", "")),
      "invalid-argument",
    );
    const tx = await stm(etcd, async (tx) => ({
      put: () => tx.put(`${prefix}a`, ""),
      get: () => tx.get(`${prefix}a`),
    }));
    expect(() => tx.put()).to.throw("over");
    await rejection(tx.get(), "failed-precondition");
  },

  "stm() in a namespace stays in it": async ({ etcd, prefix }) => {
    const app = etcd.namespace(`${prefix}app/`);
    await stm(app, async (tx) => {
      await tx.get("a");
      tx.put("a", "1");
      expect((await tx.get("a"))?.keyText()).to.equal("a");
    });
    expect((await etcd.get(`${prefix}app/a`))?.text()).to.equal("1");
  },
};
