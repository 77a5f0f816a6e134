import { expect } from "chai";
import { batching, type Etcd, isEtcdError, monotonicReads } from "../../src/index.ts";
import { rejection } from "./expectations.ts";
import type { Context, Suite } from "./suite.ts";

/** Reads that were made otherwise than one by one. */
export const plugins: Suite = {
  "batching() gives what single reads give, results and errors alike": async (context) => {
    await using batched = context.client({ plugins: [batching()] });
    await expectAlike(context, batched);
  },

  "batching() reads more than a transaction holds": async ({ etcd, prefix, client }) => {
    await using batched = client({ plugins: [batching()] });
    const names = Array.from({ length: 300 }, (_, i) => `${prefix}${i}`);
    await Promise.all(names.slice(0, 20).map((name, i) => etcd.put(name, String(i))));
    const found = await Promise.all(names.map((name) => batched.get(name)));
    expect(found.map((kv) => kv?.text())).to.deep.equal(names.map((_, i) => (i < 20 ? String(i) : undefined)));
  },

  "batching() reads what has been written before": async ({ prefix, client }) => {
    await using batched = client({ plugins: [batching()] });
    for (const value of ["1", "2", "3"]) {
      const { revision } = await batched.put(prefix, value);
      const [one, other] = await Promise.all([batched.get(prefix), batched.range({ prefix })]);
      expect([one?.text(), one?.modRevision]).to.deep.equal([value, revision]);
      expect(other.revision >= revision).to.equal(true);
    }
  },

  "batching() lets who aborts go, and answers the others": async ({ etcd, prefix, client }) => {
    await using batched = client({ plugins: [batching()] });
    await etcd.put(prefix, "value");
    const stop = new AbortController();
    const leaves = batched.get(prefix, { signal: stop.signal });
    const stays = batched.get(prefix);
    stop.abort();
    const error = await rejection(leaves, "aborted");
    expect(error.message).to.equal("KV.Range: aborted by its signal");
    expect((await stays)?.text()).to.equal("value");
  },

  "batching() in a namespace reads its keys": async ({ etcd, prefix, client }) => {
    await using batched = client({ plugins: [batching()] });
    await etcd.put(`${prefix}a`, "1");
    const app = batched.namespace(prefix);
    const [kv, count] = await Promise.all([app.get("a"), app.count({ all: true })]);
    expect([kv?.keyText(), kv?.text(), count]).to.deep.equal(["a", "1", 1]);
  },

  "monotonicReads() changes nothing where nobody lags, also with batching()": async (context) => {
    await using monotonic = context.client({ plugins: [monotonicReads(), batching()] });
    await expectAlike(context, monotonic);
  },
};

type Read = (etcd: Etcd) => Promise<unknown>;

/** Holds what reads of all kinds give at once against what they give one by one; one that fails must not fail others. */
async function expectAlike(context: Context, client: Etcd): Promise<void> {
  const { good, bad } = await differentReads(context);
  for (const reads of [good, [...good, ...bad]]) {
    const together = await Promise.all(reads.map((read) => outcome(read(client))));
    for (const [i, read] of reads.entries()) {
      const alone = await outcome(read(context.etcd));
      expect("error" in alone).to.equal(bad.includes(read));
      expect(together[i], String(read)).to.deep.equal(alone);
    }
  }
}

/** One of each kind, of keys that are there and keys that are not, at revisions that can be read and that cannot. */
async function differentReads({ etcd, prefix, compact }: Context): Promise<Record<"good" | "bad", readonly Read[]>> {
  await using lease = await etcd.lease({ ttlSeconds: 600, keepAlive: false });
  lease.release();
  const { revision: gone } = await etcd.put(`${prefix}a`, "0");
  const { revision: old } = await etcd.put(`${prefix}a`, "1");
  await etcd.put(`${prefix}a`, "2", { lease });
  for (const name of ["b", "c", "d"]) await etcd.put(prefix + name, name.repeat(3));
  await compact(old);
  const good: Read[] = [
    (etcd) => etcd.get(`${prefix}a`),
    (etcd) => etcd.get(`${prefix}nothing`),
    (etcd) => etcd.get(`${prefix}a`, { revision: old }),
    (etcd) => etcd.get(`${prefix}b`, { serializable: true }),
    (etcd) => etcd.range({ prefix }, { serializable: true }),
    (etcd) => etcd.get(`${prefix}a`, { timeoutMs: 5_000 }),
    (etcd) => etcd.get(`${prefix}a`, { headers: { hasleader: "true" } }),
    (etcd) => etcd.range({ prefix }),
    (etcd) => etcd.range({ prefix }, { limit: 2, sort: { by: "modRevision", order: "descending" } }),
    (etcd) => etcd.range({ prefix }, { keysOnly: true }),
    (etcd) => etcd.range({ prefix }, { revision: old }),
    (etcd) => etcd.range({ prefix }, { minModRevision: old + 2n }),
    (etcd) => etcd.count({ prefix }),
    (etcd) => etcd.count(`${prefix}nothing`),
  ];
  const bad: Read[] = [
    (etcd) => etcd.get(`${prefix}a`, { revision: gone }),
    (etcd) => etcd.get(`${prefix}a`, { revision: old + 1_000_000n }),
    (etcd) => etcd.get(""),
    (etcd) => etcd.get(`${prefix}a`, { timeoutMs: -1 }),
    (etcd) => etcd.get(`${prefix}a`, { signal: AbortSignal.abort() }),
  ];
  return { good, bad };
}

/** What came of a read, in a form that can be compared. */
async function outcome(read: Promise<unknown>): Promise<{ readonly answer: string } | { readonly error: object }> {
  try {
    return { answer: JSON.stringify(await read) };
  } catch (error) {
    if (!isEtcdError(error)) throw error;
    const { code, message, reason, retryable, mayHaveRun } = error;
    return { error: { code, message, reason, retryable, mayHaveRun } };
  }
}
