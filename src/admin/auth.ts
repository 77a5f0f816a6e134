import { type ResponseHeader, toHeader } from "../base/header.ts";
import { toResult } from "../base/json.ts";
import type { Etcd } from "../client/etcd.ts";
import { insideOfClient } from "../client/inside.ts";
import { Auth as AuthService } from "../gen/etcdserverpb/auth_pb.ts";
import type { CallOptions } from "../transport/caller.ts";
import { createRoles, type Roles } from "./roles.ts";
import { createUsers, type Users } from "./users.ts";

/** Whether etcd asks who calls. */
export interface AuthStatus {
  /** Whether calls need a token. */
  readonly enabled: boolean;
  /** Grows with every change of users and roles. */
  readonly authRevision: bigint;
  /** Who answered, and at which revision of the store. */
  readonly header: ResponseHeader;
}

/** Who may do what. Once it is enabled, all of it but looking at oneself is for the role `root`. */
export interface Auth {
  /** From now on every call needs a user. Without a user `root` that has the role `root`: EtcdError "failed-precondition". */
  enable(options?: CallOptions): Promise<ResponseHeader>;
  /** Everybody may do everything again; users and roles stay. */
  disable(options?: CallOptions): Promise<ResponseHeader>;
  /** Etcd 3.4 does not tell: EtcdError "unimplemented". */
  status(options?: CallOptions): Promise<AuthStatus>;
  /** Who may sign in. */
  readonly users: Users;
  /** What they may do. */
  readonly roles: Roles;
}

/**
 * Users, roles and permissions.
 *
 * @example
 * ```ts
 * import type { Etcd } from "etcd-web";
 * import { createAuth } from "etcd-web/admin";
 *
 * async function protect(etcd: Etcd, password: string): Promise<void> {
 *   const auth = createAuth(etcd);
 *   await auth.users.add("root", { password });
 *   await auth.roles.add("root");
 *   await auth.users.grantRole("root", "root");
 *   await auth.enable();
 * }
 * ```
 */
export function createAuth(etcd: Etcd): Auth {
  const { caller } = insideOfClient(etcd);
  const { method } = AuthService;
  return {
    enable: async (options) => toHeader((await caller.write(method.authEnable, {}, options)).header),
    disable: async (options) => toHeader((await caller.write(method.authDisable, {}, options)).header),
    async status(options) {
      const { header, enabled, authRevision } = await caller.read(method.authStatus, {}, options);
      return toResult({ enabled, authRevision, header: toHeader(header) });
    },
    users: createUsers(caller),
    roles: createRoles(caller),
  };
}
