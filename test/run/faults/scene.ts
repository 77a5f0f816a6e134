import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import { createEtcd, type Etcd } from "../../../src/index.ts";
import { globalPlatform } from "../../../src/platform/platform.ts";
import { until } from "../../contract/expectations.ts";
import type { EnvoyProxy } from "../../fixtures/envoy.ts";
import type { EtcdServer } from "../../fixtures/etcd.ts";
import { type FaultProxy, startFaultProxy } from "../../fixtures/fault-proxy.ts";
import { type Seeded, seeded } from "../../fixtures/faults/seeded.ts";
import { settle } from "../behind-envoy.ts";

/** The path of every watch. */
export const path = "/etcdserverpb.Watch/Watch";

/** What a case works with. */
export interface Scene {
  /** A client whose link breaks. It waits between tries as every client does. */
  readonly etcd: Etcd;
  /** Another such client, which tries again almost at once: for cases of many cuts. */
  readonly hasty: Etcd;
  /** A client whose link holds. */
  readonly direct: Etcd;
  readonly proxy: FaultProxy;
  /** Begins every key of this case. */
  readonly prefix: string;
  readonly seeded: Seeded;
}

/** One promise, kept whatever happens to the link. */
export type FaultCase = (scene: Scene) => Promise<void>;

let used = 0;

/** Runs a case; afterwards nothing may be left on the server and on the way there. */
export async function runFaultCase(etcd: EtcdServer, envoy: EnvoyProxy, run: FaultCase): Promise<void> {
  await runBesideOthers(envoy, run);
  await settle(etcd, envoy);
}

/** Runs a case while others use the same server. */
export async function runBesideOthers(envoy: EnvoyProxy, run: FaultCase): Promise<void> {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`SEED=${seed}`);
  await using proxy = await startFaultProxy(envoy.url);
  const platform = { ...globalPlatform, random: () => 0.02 };
  const clients = {
    etcd: createEtcd({ endpoints: proxy.url }),
    hasty: createEtcdOn(platform, { endpoints: proxy.url }),
    direct: createEtcd({ endpoints: envoy.url }),
  };
  try {
    await run({ ...clients, proxy, prefix: `faults-${++used}/`, seeded: seeded(seed) });
  } finally {
    for (const client of Object.values(clients)) await client.close();
  }
  await until("the proxy holds no stream", () => proxy.openStreams === 0);
}
