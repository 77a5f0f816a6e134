import type { ServiceImpl } from "@connectrpc/connect";
import type { Cluster } from "../gen/etcdserverpb/cluster_pb.ts";
import type { Maintenance } from "../gen/etcdserverpb/maintenance_pb.ts";
import { type Health, HealthCheckResponse_ServingStatus as ServingStatus } from "../gen/grpc/health/v1/health_pb.ts";
import type { Core } from "./core.ts";
import { errors } from "./errors.ts";

// The release whose behaviour this is.
const version = "3.7.3";

/** What there is to say of a member that has no disk and no peers. */
export function maintenanceService(core: Core): Partial<ServiceImpl<typeof Maintenance>> {
  return {
    status() {
      const size = BigInt(storedBytes(core));
      return {
        header: core.header(),
        version,
        storageVersion: "3.7.0",
        leader: core.memberId,
        raftTerm: core.raftTerm,
        raftIndex: BigInt.asUintN(64, core.store.revision),
        raftAppliedIndex: BigInt.asUintN(64, core.store.revision),
        dbSize: size,
        dbSizeInUse: size,
        downgradeInfo: { enabled: false },
      };
    },
  };
}

/** A cluster of one. */
export function clusterService({ clusterId, memberId, raftTerm }: Core): Partial<ServiceImpl<typeof Cluster>> {
  return {
    memberList: () => ({
      // Without a revision, as in etcd.
      header: { clusterId, memberId, raftTerm },
      members: [{ ID: memberId, name: "memory" }],
    }),
  };
}

/** Serving, as long as it answers. */
export function healthService(): Partial<ServiceImpl<typeof Health>> {
  return {
    check({ service }) {
      if (service !== "") throw errors.unknownService();
      return { status: ServingStatus.SERVING };
    },
  };
}

function storedBytes({ store }: Core): number {
  let bytes = 0;
  store.index.visit({ from: "", to: undefined }, ({ versions }) => {
    for (const { key, value } of versions) bytes += key.length + value.length;
    return true;
  });
  return bytes;
}
