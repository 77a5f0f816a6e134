import { createEtcd, type Etcd } from "../../../src/index.ts";
import { type EnvoyProxy, startEnvoy } from "../../fixtures/envoy.ts";
import { type EtcdServer, startEtcd } from "../../fixtures/etcd.ts";
import { type BuiltClone, buildClone } from "./built-clone.ts";

/** What examples run on: a built clone, and an etcd behind Envoy that the test has a client of. */
export interface Ground extends AsyncDisposable {
  readonly clone: BuiltClone;
  readonly server: EtcdServer;
  readonly envoy: EnvoyProxy;
  readonly etcd: Etcd;
}

export async function startGround(): Promise<Ground> {
  await using parts = new AsyncDisposableStack();
  const clone = parts.use(await buildClone());
  const server = parts.use(await startEtcd("3.7"));
  const envoy = parts.use(await startEnvoy({ etcd: [server.address] }));
  const etcd = parts.use(createEtcd({ endpoints: envoy.url }));
  const started = parts.move();
  return { clone, server, envoy, etcd, [Symbol.asyncDispose]: () => started.disposeAsync() };
}
