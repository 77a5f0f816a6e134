import { after, before, suite, test } from "node:test";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import type { EtcdServer } from "../fixtures/etcd.ts";
import { startContractEtcd } from "./behind-envoy.ts";
import { leases, manyLeases } from "./faults/leases.ts";
import { runBesideOthers, runFaultCase } from "./faults/scene.ts";

for (const version of ["3.4", "3.7"] as const) {
  suite(`leases of etcd ${version} behind Envoy behind a link that breaks`, () => {
    let etcd: EtcdServer;
    let envoy: EnvoyProxy;
    before(async () => {
      etcd = await startContractEtcd(version);
      envoy = await startEnvoy({ etcd: [etcd.address] });
    });
    after(async () => {
      await envoy?.stop();
      await etcd?.stop();
    });
    suite("side by side", { concurrency: true }, () => {
      for (const [name, run] of Object.entries(leases)) test(name, () => runBesideOthers(envoy, run));
    });
    for (const [name, run] of Object.entries(manyLeases)) test(name, () => runFaultCase(etcd, envoy, run));
  });
}
