import { type Etcd, isEtcdError } from "etcd-web";
import { createAuth, type Permission } from "etcd-web/admin";

/** Who there is, and who may do what. */
export interface AccessReport {
  /** Undefined: etcd 3.4 does not tell. */
  readonly enabled: boolean | undefined;
  readonly users: readonly UserReport[];
  readonly roles: readonly RoleReport[];
}

export interface UserReport {
  readonly name: string;
  readonly roles: readonly string[];
}

export interface RoleReport {
  readonly name: string;
  readonly permissions: readonly Permission[];
}

/** The user and the role without which etcd does not ask who calls. */
export const root = "root";

export async function readAccess(etcd: Etcd, signal: AbortSignal): Promise<AccessReport> {
  const auth = createAuth(etcd);
  const [enabled, userNames, roleNames] = await Promise.all([
    auth.status({ signal }).then((status) => status.enabled, unlessUnknown),
    auth.users.list({ signal }),
    auth.roles.list({ signal }),
  ]);
  const [users, roles] = await Promise.all([
    Promise.all(userNames.map(async (name) => ({ name, roles: (await auth.users.get(name, { signal })).roles }))),
    Promise.all(
      roleNames.map(async (name) => ({ name, permissions: (await auth.roles.get(name, { signal })).permissions })),
    ),
  ]);
  return { enabled, users, roles };
}

function unlessUnknown(error: unknown): undefined {
  if (!isEtcdError(error, "unimplemented")) throw error;
}
