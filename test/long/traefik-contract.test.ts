import { after, before, suite } from "node:test";
import { until } from "../contract/expectations.ts";
import type { Target } from "../contract/suite.ts";
import type { EtcdServer } from "../fixtures/etcd.ts";
import { startTraefikMiddleware, type TraefikMiddleware } from "../fixtures/traefik.ts";
import { startContractEtcd, traitsOf } from "../run/behind-envoy.ts";
import { mountContract } from "../run/mount.ts";

suite("etcd 3.7 behind Traefik's middleware, in Node", () => {
  let etcd: EtcdServer;
  let traefik: TraefikMiddleware;
  let target: Target;
  before(async () => {
    etcd = await startContractEtcd("3.7");
    traefik = await startTraefikMiddleware(etcd.address, "http://localhost:3000");
    const settled = (): Promise<void> => until("no watch is left", async () => (await etcd.watchers()) === 0);
    target = { options: { endpoints: traefik.url }, traits: traitsOf("3.7"), settled };
  });
  after(async () => {
    await traefik?.[Symbol.asyncDispose]();
    await etcd?.stop();
  });
  mountContract(() => target);
});
