import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError, type Interceptor, type Transport } from "@connectrpc/connect";

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

/** Refuses every call that could change something, whatever part of the page makes it. */
export const readOnlyInterceptor: Interceptor = (next) => (request) => {
  refuseWrite(request.method);
  return next(request);
};

/** The same for a transport. */
export function readOnlyTransport(transport: Transport): Transport {
  return {
    async unary(method, ...rest) {
      refuseWrite(method);
      return transport.unary(method, ...rest);
    },
    async stream(method, ...rest) {
      refuseWrite(method);
      return transport.stream(method, ...rest);
    },
  };
}

function refuseWrite({ name, parent }: DescMethod): void {
  if (reading[parent.typeName]?.includes(name)) return;
  throw new ConnectError(`this connection is read-only: the page has not sent ${name}`, Code.PermissionDenied);
}
