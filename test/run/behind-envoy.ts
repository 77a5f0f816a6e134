import { after, before, suite } from "node:test";
import { until } from "../contract/expectations.ts";
import type { Target, Traits } from "../contract/suite.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { type EtcdServer, progressNotifyInterval, startEtcd } from "../fixtures/etcd.ts";
import type { EtcdVersion } from "../fixtures/versions.ts";
import { mountContract } from "./mount.ts";

/** What etcd differs in by its version. */
export function traitsOf(version: EtcdVersion): Traits {
  return { keysOnlyWithLease: version !== "3.7", rangeStream: version === "3.7" };
}

/** An etcd whose bookmarks come often enough for a test to wait for one. */
export function startContractEtcd(version: EtcdVersion): Promise<EtcdServer> {
  return startEtcd(version, { args: [progressNotifyInterval(version, "500ms")] });
}

/** Resolves when nothing of a case is left on the server and on the way there. */
export async function settle(etcd: EtcdServer, envoy: EnvoyProxy): Promise<void> {
  await until("the server holds no watch", async () => (await etcd.watchers()) === 0);
  await until("Envoy holds no request", async () => (await envoy.activeRequests()) === 0);
}

/** The whole contract in Node, against one version of etcd behind Envoy. */
export function contractBehindEnvoy(version: EtcdVersion): void {
  suite(`etcd ${version} behind Envoy, in Node`, () => {
    let etcd: EtcdServer;
    let envoy: EnvoyProxy;
    let target: Target;
    before(async () => {
      etcd = await startContractEtcd(version);
      envoy = await startEnvoy({ etcd: [etcd.address] });
      const settled = (): Promise<void> => settle(etcd, envoy);
      target = { options: { endpoints: envoy.url }, traits: traitsOf(version), settled };
    });
    after(async () => {
      await envoy?.stop();
      await etcd?.stop();
    });
    mountContract(() => target);
  });
}
