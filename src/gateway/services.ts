import type { DescService } from "@bufbuild/protobuf";
import { Auth, Cluster, Election, Health, KV, Lease, Lock, Maintenance, Watch } from "../proto.ts";

/** All that etcd serves on its client port. */
export const services: readonly DescService[] = [KV, Watch, Lease, Cluster, Maintenance, Auth, Lock, Election, Health];
