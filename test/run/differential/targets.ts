import { type Client, createClient, createRouterTransport, type Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { createServer } from "../../../src/memory/server.ts";
import { systemClock } from "../../../src/platform/clock.ts";
import { randomUint64 } from "../../../src/platform/random.ts";
import { Auth, Cluster, Election, Health, KV, Lease, Lock, Maintenance, Watch } from "../../../src/proto.ts";
import { startEtcd } from "../../fixtures/etcd.ts";

/** An etcd under test. */
export interface Target {
  readonly name: string;
  readonly kv: Client<typeof KV>;
  readonly watch: Client<typeof Watch>;
  readonly lease: Client<typeof Lease>;
  readonly auth: Client<typeof Auth>;
  readonly maintenance: Client<typeof Maintenance>;
  readonly cluster: Client<typeof Cluster>;
  readonly lock: Client<typeof Lock>;
  readonly election: Client<typeof Election>;
  readonly health: Client<typeof Health>;
}

/** A real etcd and one in memory, both empty. */
export interface Pair extends AsyncDisposable {
  readonly real: Target;
  readonly memory: Target;
}

/** Passwords cost next to nothing on both: thousands are set. */
export async function startPair(): Promise<Pair> {
  const etcd = await startEtcd("3.7", { args: ["--bcrypt-cost=4", "--auth-token-ttl=3600"] });
  const server = createServer({
    ...{ clock: systemClock, random: randomUint64, progressIntervalMs: 10_000, passwordRounds: 1 },
  });
  return {
    real: target("etcd 3.7", createGrpcTransport({ baseUrl: `http://${etcd.address}` })),
    memory: target("memory", createRouterTransport(server.routes)),
    [Symbol.asyncDispose]: () => etcd.stop(),
  };
}

function target(name: string, transport: Transport): Target {
  return {
    name,
    kv: createClient(KV, transport),
    watch: createClient(Watch, transport),
    lease: createClient(Lease, transport),
    auth: createClient(Auth, transport),
    maintenance: createClient(Maintenance, transport),
    cluster: createClient(Cluster, transport),
    lock: createClient(Lock, transport),
    election: createClient(Election, transport),
    health: createClient(Health, transport),
  };
}
