import { type Client, createClient } from "@connectrpc/connect";
import { createEtcd } from "../../../src/index.ts";
import { Auth, Cluster, KV, Lease, Maintenance } from "../../../src/proto.ts";
import { type EnvoyProxy, startEnvoy } from "../../fixtures/envoy.ts";

/** The raw stubs of an etcd: what the library would not send can be sent with them. */
export interface Stubs {
  readonly kv: Client<typeof KV>;
  readonly lease: Client<typeof Lease>;
  readonly auth: Client<typeof Auth>;
  readonly cluster: Client<typeof Cluster>;
  readonly maintenance: Client<typeof Maintenance>;
}

/** Makes an etcd say something; gives the call that it is the answer to. */
export type Provoke = (stubs: Stubs) => Promise<unknown>;

/** An etcd behind Envoy. */
export interface Reached extends Stubs, AsyncDisposable {
  readonly envoy: EnvoyProxy;
}

export async function reach(addresses: readonly string[]): Promise<Reached> {
  const envoy = await startEnvoy({ etcd: addresses });
  const etcd = createEtcd({ endpoints: envoy.url, timeoutMs: 20_000 });
  const { transport } = etcd;
  return {
    envoy,
    kv: createClient(KV, transport),
    lease: createClient(Lease, transport),
    auth: createClient(Auth, transport),
    cluster: createClient(Cluster, transport),
    maintenance: createClient(Maintenance, transport),
    async [Symbol.asyncDispose]() {
      await etcd.close();
      await envoy.stop();
    },
  };
}

export const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
