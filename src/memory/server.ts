import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { Auth } from "../gen/etcdserverpb/auth_pb.ts";
import { Cluster } from "../gen/etcdserverpb/cluster_pb.ts";
import { KV } from "../gen/etcdserverpb/kv_pb.ts";
import { Lease } from "../gen/etcdserverpb/lease_pb.ts";
import { Maintenance } from "../gen/etcdserverpb/maintenance_pb.ts";
import { Watch } from "../gen/etcdserverpb/watch_pb.ts";
import { Health } from "../gen/grpc/health/v1/health_pb.ts";
import { Election } from "../gen/v3electionpb/election_pb.ts";
import { Lock } from "../gen/v3lockpb/lock_pb.ts";
import { authService } from "./auth-service.ts";
import { clusterService } from "./cluster-service.ts";
import { Core, type CoreOptions } from "./core.ts";
import { electionService } from "./election-service.ts";
import { errors } from "./errors.ts";
import { healthService } from "./health-service.ts";
import { kvService } from "./kv-service.ts";
import { leaseService } from "./lease-service.ts";
import { lockService } from "./lock-service.ts";
import { maintenanceService } from "./maintenance-service.ts";
import { receiving } from "./request-size.ts";
import { watchService } from "./watch-service.ts";

/** The in-memory etcd with its inside in reach, for our own tests. */
export interface Server {
  readonly core: Core;
  /** No call is answered for so long, and every stream is cut. */
  unavailable(ms: number): void;
  /** Registers every service of etcd. */
  routes(router: ConnectRouter): void;
  /** Ends every stream and refuses every call from now on. */
  close(): void;
}

export function createServer(options: CoreOptions): Server {
  const core = new Core(options);
  const gate = new Gate(options);
  return {
    core,
    unavailable(ms) {
      gate.closeFor(ms);
      core.cut(errors.connectionLost());
    },
    routes: (router) => register(router, core, () => gate.check()),
    close() {
      gate.close();
      core.close(errors.stopped());
    },
  };
}

function register(router: ConnectRouter, core: Core, requestGate: () => void): void {
  const options = { requestGate };
  const measured = { requestGate, interceptors: [receiving] };
  router
    .service(KV, kvService(core), options)
    .service(Watch, watchService(core), measured)
    .service(Lease, leaseService(core), options)
    .service(Maintenance, maintenanceService(core), measured)
    .service(Cluster, clusterService(core), measured)
    .service(Health, healthService(core), options)
    .service(Auth, authService(core), measured)
    .service(Lock, lockService(core), measured)
    .service(Election, electionService(core), measured);
}

/** Lets calls in, or not. */
class Gate {
  readonly #options: CoreOptions;
  #closedUntil = Number.NEGATIVE_INFINITY;
  #stopped = false;

  constructor(options: CoreOptions) {
    this.#options = options;
  }

  closeFor(ms: number): void {
    this.#closedUntil = Math.max(this.#closedUntil, this.#options.clock.now() + ms);
  }

  close(): void {
    this.#stopped = true;
  }

  check(): void {
    if (this.#stopped) throw errors.stopped();
    if (this.#options.clock.now() < this.#closedUntil) throw new ConnectError("connection refused", Code.Unavailable);
  }
}
