/**
 * etcd's messages and services as generated: for calls that the client has no method for, with its transport.
 *
 * @example
 * ```ts
 * import { createClient } from "@connectrpc/connect";
 * import type { Etcd } from "etcd-web";
 * import { Maintenance } from "etcd-web/proto";
 *
 * async function version(etcd: Etcd): Promise<string> {
 *   const maintenance = createClient(Maintenance, etcd.transport);
 *   return (await maintenance.status({})).version;
 * }
 * ```
 *
 * @module
 */
export * from "./gen/authpb/auth_pb.ts";
export * from "./gen/etcdserverpb/auth_pb.ts";
export * from "./gen/etcdserverpb/cluster_pb.ts";
export * from "./gen/etcdserverpb/header_pb.ts";
export * from "./gen/etcdserverpb/kv_pb.ts";
export * from "./gen/etcdserverpb/lease_pb.ts";
export * from "./gen/etcdserverpb/maintenance_pb.ts";
export * from "./gen/etcdserverpb/watch_pb.ts";
export {
  Health,
  type HealthCheckRequest,
  HealthCheckRequestSchema,
  type HealthCheckResponse,
  HealthCheckResponse_ServingStatus,
  HealthCheckResponseSchema,
} from "./gen/grpc/health/v1/health_pb.ts";
export * from "./gen/mvccpb/kv_pb.ts";
export * from "./gen/v3electionpb/election_pb.ts";
export * from "./gen/v3lockpb/lock_pb.ts";
