/**
 * Running a cluster: users and roles, members, and upkeep. Each takes a client, not a namespace of one: what it does
 * concerns the whole cluster.
 *
 * @module etcd-web/admin
 */
export type { Alarm, AlarmFilter, AlarmType } from "./alarms.ts";
export { type Auth, type AuthStatus, createAuth } from "./auth.ts";
export { type AddedMember, type Cluster, createCluster, type Member } from "./cluster.ts";
export type { Downgrade, DowngradeResult } from "./downgrade.ts";
export { createMaintenance, type EndpointOptions, type Hash, type KvHash, type Maintenance } from "./maintenance.ts";
export type { MemberRef } from "./member-ref.ts";
export type { MemberStatus } from "./member-status.ts";
export type { Access, Permission } from "./permission.ts";
export type { Role, Roles } from "./roles.ts";
export type { SnapshotOptions, SnapshotProgress } from "./snapshot.ts";
export type { User, Users } from "./users.ts";
