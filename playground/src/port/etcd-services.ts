import type { DescService } from "@bufbuild/protobuf";
import { Auth, Cluster, Election, Health, KV, Lease, Lock, Maintenance, Watch } from "etcd-web/proto";

/** All that etcd serves. */
export const etcdServices: readonly DescService[] = [
  KV,
  Watch,
  Lease,
  Cluster,
  Maintenance,
  Auth,
  Lock,
  Election,
  Health,
];
