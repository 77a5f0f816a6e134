import { test } from "node:test";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import type { Plugin } from "../../../src/client/plugin.ts";
import { type Etcd, monotonicReads } from "../../../src/index.ts";
import { KV } from "../../../src/proto.ts";
import { createCaller } from "../../../src/transport/caller.ts";
import { createEndpoints } from "../../../src/transport/endpoints.ts";
import { rejection } from "../../contract/expectations.ts";
import { createFakePlatform, type FakePlatform } from "../support/fake-platform.ts";

interface Scene {
  readonly etcd: Etcd;
  readonly platform: FakePlatform;
  /** The revisions the next reads are answered at; the last one stays. */
  readonly revisions: bigint[];
  clusterId: bigint;
  /** How many reads came. */
  reads: number;
}

/** Members of whom the test says how far each has come. */
function scene(): Scene {
  const platform = createFakePlatform();
  const next = (): bigint => (found.revisions.length > 1 ? found.revisions.shift() : found.revisions[0]) ?? 0n;
  const transport = createRouterTransport(({ rpc }) => {
    rpc(KV.method.range, ({ revision: wanted }) => {
      found.reads++;
      const revision = next();
      if (wanted > revision) {
        throw new ConnectError("etcdserver: mvcc: required revision is a future revision", Code.OutOfRange);
      }
      return { header: { clusterId: found.clusterId, revision } };
    });
    rpc(KV.method.put, () => ({ header: { clusterId: found.clusterId, revision: next() } }));
    rpc(KV.method.txn, () => {
      found.reads++;
      return { header: { clusterId: found.clusterId, revision: next() } };
    });
  });
  const etcd = createEtcdOn(platform, { transport, plugins: [monotonicReads()] });
  const found: Scene = { etcd, platform, revisions: [], clusterId: 1n, reads: 0 };
  return found;
}

test("an answer that is older than one before is asked for again, also after a write or a transaction", async () => {
  for (const first of [
    (etcd: Etcd) => etcd.get("a"),
    (etcd: Etcd) => etcd.put("a", ""),
    (etcd: Etcd) => etcd.txn({}),
    (etcd: Etcd) => etcd.count("a"),
  ]) {
    const found = scene();
    found.revisions.push(1n);
    await found.etcd.get("a"); // a client writes only where it has been answered before
    found.revisions.splice(0, 1, 9n, 7n, 8n, 9n);
    await first(found.etcd);
    found.reads = 0;
    const read = found.etcd.range("a", { serializable: true });
    await found.platform.pass(1_000);
    expect((await read).revision).to.equal(9n);
    expect(found.reads).to.equal(3);
  }
});

test("reads that run at the same time need not keep an order", async () => {
  const found = scene();
  found.revisions.push(9n, 8n);
  const [one, other] = await Promise.all([found.etcd.range("a"), found.etcd.range("b")]);
  expect([one.revision, other.revision]).to.deep.equal([9n, 8n]);
  expect(found.reads).to.equal(2);
});

test("where every answer is behind, the read is unavailable after five tries", async () => {
  const found = scene();
  found.revisions.push(9n, 8n);
  await found.etcd.get("a");
  found.reads = 0;
  const failed = rejection(found.etcd.get("a"), "unavailable");
  await found.platform.pass(9_999);
  const error = await failed;
  expect(error.message).to.match(/^KV\.Range: revision 9 is known, and 5 answers were behind it/);
  expect([error.retryable, error.mayHaveRun, found.reads]).to.deep.equal([true, false, 5]);
  found.revisions.push(9n);
  found.revisions.shift();
  await found.etcd.get("a");
});

test("the tries end with the time-out, and with the signal", async () => {
  const found = scene();
  found.revisions.push(9n, 8n);
  await found.etcd.get("a");
  const late = rejection(found.etcd.get("a", { timeoutMs: 60 }), "unavailable");
  await found.platform.pass(60);
  expect((await late).message).to.contain("2 answers");
  const stop = new AbortController();
  const left = rejection(found.etcd.get("a", { signal: stop.signal }), "aborted");
  await found.platform.pass(0);
  stop.abort();
  await left;
  expect(found.platform.timers).to.equal(0);
});

test("a revision that is known but has not come to the member asked is read elsewhere; one to come is not", async () => {
  const found = scene();
  found.revisions.push(9n, 8n, 9n);
  await found.etcd.get("a");
  const read = found.etcd.range("a", { revision: 9n });
  await found.platform.pass(1_000);
  expect((await read).revision).to.equal(9n);
  found.reads = 0;
  await rejection(found.etcd.get("a", { revision: 10n }), "future-revision");
  expect(found.reads).to.equal(1);
});

test("another cluster counts anew", async () => {
  const found = scene();
  found.revisions.push(9n, 3n, 4n, 2n, 4n);
  await found.etcd.get("a");
  found.clusterId = 2n;
  expect((await found.etcd.range("a")).revision).to.equal(3n);
  expect((await found.etcd.range("a")).revision).to.equal(4n);
  const read = found.etcd.range("a");
  await found.platform.pass(1_000);
  expect((await read).revision).to.equal(4n);
});

test("of several reads that one member answers too old, the next member is asked, and no other left", async () => {
  const platform = createFakePlatform();
  const revisions = [9n, 9n, 9n];
  const asked = [0, 0, 0];
  const transports = asked.map((_, index) =>
    createRouterTransport(({ rpc }) => {
      rpc(KV.method.range, () => {
        asked[index] = (asked[index] ?? 0) + 1;
        return { header: { clusterId: 1n, revision: revisions[index] ?? 0n } };
      });
    }),
  );
  const closed = new AbortController().signal;
  const endpoints = createEndpoints({ transports, now: platform.now, closed });
  const caller = createCaller({ endpoints, platform, timeoutMs: 10_000, closed });
  const plugin = monotonicReads() as Plugin;
  const context = { platform, timeoutMs: 10_000, endpoints: 3, chooseEndpoint: endpoints.choose };
  const { read } = plugin.wrap(caller, context);
  await read(KV.method.range, {}, {});
  revisions[0] = 7n;
  const reads = Promise.all(Array.from({ length: 8 }, () => read(KV.method.range, {}, {})));
  await platform.pass(100);
  await reads;
  expect(asked).to.deep.equal([9, 8, 0]);
});
