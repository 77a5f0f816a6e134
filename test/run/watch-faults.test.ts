import { after, before, suite, test } from "node:test";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import type { EtcdServer } from "../fixtures/etcd.ts";
import { startContractEtcd } from "./behind-envoy.ts";
import { catchUp } from "./faults/catch-up.ts";
import { live } from "./faults/live.ts";
import { outage } from "./faults/outage.ts";
import { runFaultCase } from "./faults/scene.ts";

// One from before and one from after the change by which etcd numbers `created` late.
for (const version of ["3.5.14", "3.7"] as const) {
  suite(`etcd ${version} behind Envoy behind a link that breaks`, () => {
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
    for (const [name, run] of Object.entries({ ...catchUp, ...live, ...outage })) {
      test(name, () => runFaultCase(etcd, envoy, run));
    }
  });
}
