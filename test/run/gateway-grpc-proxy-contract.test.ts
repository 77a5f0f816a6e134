import { after, before, suite } from "node:test";
import { createGateway, type Gateway } from "../../src/gateway/index.ts";
import { until } from "../contract/expectations.ts";
import { lease } from "../contract/lease.ts";
import type { Case } from "../contract/suite.ts";
import { watch } from "../contract/watch.ts";
import { watchEnds } from "../contract/watch-ends.ts";
import { watchFaults } from "../contract/watch-faults.ts";
import { watchMany } from "../contract/watch-many.ts";
import type { EtcdServer } from "../fixtures/etcd.ts";
import { type GrpcProxy, startGrpcProxy } from "../fixtures/grpc-proxy.ts";
import { startContractEtcd, traitsOf } from "./behind-envoy.ts";
import { mountContract } from "./mount.ts";

/** What goes both ways, which grpc-proxy does in its own way. */
const cases: readonly Case[] = [watch, watchEnds, watchMany, watchFaults, lease].flatMap((each) =>
  Object.entries(each).map(([name, run]) => ({ name, run, needsEndpoints: true })),
);

suite("etcd 3.7 behind its grpc-proxy behind the gateway, in Node", () => {
  let etcd: EtcdServer;
  let proxy: GrpcProxy;
  let gateway: Gateway;
  /** How many watches grpc-proxy has for itself. */
  let own = 0;
  before(async () => {
    etcd = await startContractEtcd("3.7");
    proxy = await startGrpcProxy(etcd);
    gateway = await createGateway({ etcd: proxy.address, policy: "open", port: 0 });
    await until("grpc-proxy watches", async () => (await etcd.watchers()) > 0);
    own = await etcd.watchers();
  });
  after(async () => {
    await gateway?.close();
    await proxy?.[Symbol.asyncDispose]();
    await etcd?.stop();
  });
  const target = {
    traits: { ...traitsOf("3.7"), rangeStream: false },
    async settled(): Promise<void> {
      await until("the server holds no watch of ours", async () => (await etcd.watchers()) <= own);
      await until("the gateway holds no call", () => gateway.activeRequests === 0);
    },
  };
  mountContract(() => ({ ...target, options: { endpoints: gateway.url } }), cases);
});
