import { after, before, suite } from "node:test";
import { createGateway, type Gateway } from "../../src/gateway/index.ts";
import { services } from "../../src/gateway/services.ts";
import { createMemoryEtcd } from "../../src/memory/index.ts";
import { until } from "../contract/expectations.ts";
import type { Target } from "../contract/suite.ts";
import type { EtcdServer } from "../fixtures/etcd.ts";
import { startContractEtcd, traitsOf } from "./behind-envoy.ts";
import { mountContract } from "./mount.ts";

suite("etcd 3.7 behind the gateway, in Node", () => {
  let etcd: EtcdServer;
  let gateway: Gateway;
  before(async () => {
    etcd = await startContractEtcd("3.7");
    gateway = await createGateway({ etcd: etcd.address, policy: "open", port: 0 });
  });
  after(async () => {
    await gateway?.close();
    await etcd?.stop();
  });
  mountContract(() => ({
    options: { endpoints: gateway.url },
    traits: traitsOf("3.7"),
    async settled() {
      await until("the server holds no watch", async () => (await etcd.watchers()) === 0);
      await until("the gateway holds no call", () => gateway.activeRequests === 0);
    },
  }));
});

suite("memory behind the gateway with a policy, in Node", () => {
  const memory = createMemoryEtcd({ progressIntervalMs: 500 });
  let gateway: Gateway;
  before(async () => {
    const policy = { prefixes: [""], readOnly: false, methods: services.map(({ name }) => name) };
    gateway = await createGateway({ memory, port: 0, policy });
  });
  after(async () => {
    await gateway?.close();
    await memory.close();
  });
  const target = (): Target => ({
    options: { endpoints: gateway.url },
    traits: { keysOnlyWithLease: false, rangeStream: true },
    settled: () => until("the gateway holds no call", () => gateway.activeRequests === 0),
  });
  mountContract(target);
});
