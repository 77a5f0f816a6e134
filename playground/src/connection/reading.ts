import type { DescMethod } from "@bufbuild/protobuf";

/** The methods that change nothing. */
const reading: Readonly<Record<string, readonly string[]>> = {
  "etcdserverpb.KV": ["Range", "RangeStream"],
  "etcdserverpb.Watch": ["Watch"],
  "etcdserverpb.Lease": ["LeaseTimeToLive", "LeaseLeases"],
  "etcdserverpb.Cluster": ["MemberList"],
  "etcdserverpb.Maintenance": ["Status", "Hash", "HashKV", "Snapshot"],
  "etcdserverpb.Auth": ["Authenticate", "AuthStatus", "UserGet", "UserList", "RoleGet", "RoleList"],
  "v3electionpb.Election": ["Leader", "Observe"],
  "grpc.health.v1.Health": ["Check", "Watch", "List"],
};

export function isReading({ name, parent }: DescMethod): boolean {
  return reading[parent.typeName]?.includes(name) ?? false;
}
