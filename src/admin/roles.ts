import { type ResponseHeader, toHeader } from "../base/header.ts";
import { toResult } from "../base/json.ts";
import { type Range, toKeyRange } from "../base/range.ts";
import { Auth } from "../gen/etcdserverpb/auth_pb.ts";
import type { Caller, CallOptions } from "../transport/caller.ts";
import { toName } from "./name.ts";
import { type Access, type Permission, toPermission, toPermissionInit } from "./permission.ts";

/** A role. */
export interface Role {
  /** In the order of the keys. */
  readonly permissions: readonly Permission[];
  /** Who answered, and at which revision of the store. */
  readonly header: ResponseHeader;
}

/** Roles: named sets of permissions. */
export interface Roles {
  /** A role that may do nothing yet. There already: EtcdError "already-exists". */
  add(name: string, options?: CallOptions): Promise<ResponseHeader>;
  /** What a role may do. There is none: EtcdError "failed-precondition". */
  get(name: string, options?: CallOptions): Promise<Role>;
  /** All names. */
  list(options?: CallOptions): Promise<readonly string[]>;
  /** Users who have it lose it. */
  delete(name: string, options?: CallOptions): Promise<ResponseHeader>;
  /**
   * Lets a role read or write the keys of a range. A permission of the very same range is replaced.
   *
   * @example
   * ```ts
   * import type { Etcd } from "etcd-web";
   * import { createAuth } from "etcd-web/admin";
   *
   * async function letEverybodyRead(etcd: Etcd): Promise<void> {
   *   const { roles, users } = createAuth(etcd);
   *   await roles.add("reader");
   *   await roles.grantPermission("reader", { prefix: "config/" }, "read");
   *   for (const user of await users.list()) await users.grantRole(user, "reader");
   * }
   * ```
   */
  grantPermission(role: string, range: Range, access: Access, options?: CallOptions): Promise<ResponseHeader>;
  /** Takes a permission back: of the range as it was granted, not of a part of it. */
  revokePermission(role: string, range: Range, options?: CallOptions): Promise<ResponseHeader>;
}

/** Roles over a caller. */
export function createRoles(caller: Caller): Roles {
  const { method } = Auth;
  return {
    add: async (name, options) =>
      toHeader((await caller.write(method.roleAdd, { name: toName(name) }, options)).header),
    async get(name, options) {
      const { header, perm } = await caller.read(method.roleGet, { role: toName(name) }, options);
      return toResult({ permissions: perm.map(toPermission), header: toHeader(header) });
    },
    list: async (options) => (await caller.read(method.roleList, {}, options)).roles,
    delete: async (name, options) =>
      toHeader((await caller.write(method.roleDelete, { role: toName(name) }, options)).header),
    async grantPermission(role, range, access, options) {
      const request = { name: toName(role), perm: toPermissionInit(range, access) };
      return toHeader((await caller.write(method.roleGrantPermission, request, options)).header);
    },
    async revokePermission(role, range, options) {
      const request = { role: toName(role), ...toKeyRange(range) };
      return toHeader((await caller.write(method.roleRevokePermission, request, options)).header);
    },
  };
}
