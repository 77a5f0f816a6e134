import { test } from "node:test";
import { expect } from "chai";
import { createEtcd } from "../../src/index.ts";
import { rejection, take, until } from "../contract/expectations.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { startEtcd } from "../fixtures/etcd.ts";

// What a client sees when a cluster is restored from a backup, or replaced: the same URL leads to another history.
for (const [name, args] of [
  ["restored: the same id, an earlier revision", []],
  ["replaced: another id, at whichever revision", ["--initial-cluster-token=another"]],
] as const) {
  test(`watch() on a cluster that was ${name}, is cluster-changed`, async () => {
    await using before = await startEtcd("3.7");
    await using after = await startEtcd("3.7", { args });
    await using first = await startEnvoy({ etcd: [before.address] });
    await using second = await startEnvoy({ etcd: [after.address] });
    let current = first;
    const reach: typeof fetch = (input, init) => fetch(String(input).replace(first.url, current.url), init);
    await using etcd = createEtcd({ endpoints: first.url, fetch: reach });

    const watches = [etcd.watch("a"), etcd.watch({ prefix: "b" }, { startRevision: 2n })];
    await Promise.all(watches.map((watch) => watch.opened));
    const ends = watches.map((watch) => rejection(take(watch, 2), "cluster-changed"));
    for (const key of ["a", "b", "c"]) await etcd.put(key, "");
    const { clusterId } = await etcd.ready();

    current = second;
    if (args.length > 0) await outrun(second);
    await before.stop();
    await Promise.all(ends);
    expect((await etcd.ready()).clusterId === clusterId).to.equal(args.length === 0);
    await until("nothing is left", async () => (await after.watchers()) === 0);
  });
}

test("watch() from a revision on is cluster-changed by a restore before its first event or bookmark", async () => {
  await using before = await startEtcd("3.7");
  await using after = await startEtcd("3.7");
  await using first = await startEnvoy({ etcd: [before.address] });
  await using second = await startEnvoy({ etcd: [after.address] });
  let [current, reads] = [first, 0];
  const reach: typeof fetch = async (input, init) => {
    const response = await fetch(String(input).replace(first.url, current.url), init);
    if (String(input).endsWith("/etcdserverpb.KV/Range")) reads++;
    return response;
  };
  await outrun(first);
  await using etcd = createEtcd({ endpoints: first.url, fetch: reach });
  const watch = etcd.watch("a", { startRevision: 15n });
  const end = rejection(take(watch, 1), "cluster-changed");
  await watch.opened;
  await until("the client knows how far the cluster has come", () => reads === 1);

  current = second;
  await before.stop();
  await end;
});

/** Brings a cluster beyond the revisions of the other. */
async function outrun({ url }: EnvoyProxy): Promise<void> {
  await using etcd = createEtcd({ endpoints: url });
  for (let i = 0; i < 20; i++) await etcd.put("other", String(i));
}
