import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { Auth } from "../../gen/etcdserverpb/auth_pb.ts";

/** Who calls is who they are to etcd: their token goes on, and beside it what etcd reads, but nothing else. */
export const asCaller: Interceptor = (next) => (request) =>
  next({ ...request, header: onlyKnown(request.header, ["token", "authorization"]) });

/**
 * Who calls is the gateway's user. A token of their own would be as good as ignored, which they had better know; an
 * `authorization` may have been for a proxy before the gateway, and stays here.
 */
export function asGateway(refused: (error: ConnectError) => void): Interceptor {
  const refuse = (text: string): never => {
    const error = new ConnectError(text, Code.PermissionDenied);
    refused(error);
    throw error;
  };
  return (next) => (request) => {
    if (request.method === Auth.method.authenticate) {
      return refuse("The gateway signs in to etcd itself: nobody else can sign in through it");
    }
    if (request.header.has("token")) return refuse("The gateway signs in to etcd itself: send no token");
    return next({ ...request, header: onlyKnown(request.header, []) });
  };
}

function onlyKnown(given: Headers, names: readonly string[]): Headers {
  const known = new Headers();
  for (const name of names) {
    const value = given.get(name);
    if (value !== null) known.set(name, value);
  }
  if (given.get("hasleader") === "true") known.set("hasleader", "true");
  return known;
}
