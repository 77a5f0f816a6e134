import { test } from "node:test";
import { expect } from "chai";
import { runJobAlone } from "../bench/job.ts";
import { startEnvoy } from "../fixtures/envoy.ts";
import { startEtcd } from "../fixtures/etcd.ts";

test("a watch that waits for its first event holds less than a kibibyte, of 10,000 that were awaited", async () => {
  await using etcd = await startEtcd("3.7");
  await using envoy = await startEnvoy({ etcd: [etcd.address] });
  const place = { envoy: envoy.url };
  const bytes = await runJobAlone<number>("hold", { place, contender: "etcd-web", watches: 10_000 });
  console.log(bytes);
  expect(bytes).to.be.within(1, 1024);
});
