import { EtcdError } from "../base/errors.ts";
import { type ResponseHeader, toHeader } from "../base/header.ts";
import { toResult } from "../base/json.ts";
import { Auth } from "../gen/etcdserverpb/auth_pb.ts";
import type { Caller, CallOptions } from "../transport/caller.ts";
import { toName } from "./name.ts";

/** A user. */
export interface User {
  /** Names of the roles granted. */
  readonly roles: readonly string[];
  /** Who answered, and at which revision of the store. */
  readonly header: ResponseHeader;
}

/** Users: who may sign in. A password travels as it is, so: over TLS only. */
export interface Users {
  /**
   * A user without roles. Without a password nobody can sign in with one; such a user is known by a TLS certificate. There
   * already: EtcdError "already-exists".
   */
  add(name: string, options?: CallOptions & { readonly password?: string | undefined }): Promise<ResponseHeader>;
  /** The roles of a user. There is none: EtcdError "failed-precondition". */
  get(name: string, options?: CallOptions): Promise<User>;
  /** All names. */
  list(options?: CallOptions): Promise<readonly string[]>;
  /** Their tokens are void at once. */
  delete(name: string, options?: CallOptions): Promise<ResponseHeader>;
  /** Tokens that the old one gave are void at once. */
  changePassword(name: string, password: string, options?: CallOptions): Promise<ResponseHeader>;
  /** Gives a user a role. Where either is missing: EtcdError "failed-precondition". */
  grantRole(user: string, role: string, options?: CallOptions): Promise<ResponseHeader>;
  /** Takes a role from a user. One that was never given: EtcdError "failed-precondition". */
  revokeRole(user: string, role: string, options?: CallOptions): Promise<ResponseHeader>;
}

/** Users over a caller. */
export function createUsers(caller: Caller): Users {
  const { method } = Auth;
  return {
    async add(name, { password, ...options } = {}) {
      const login = password === undefined ? { options: { noPassword: true } } : { password: checked(password) };
      return toHeader((await caller.write(method.userAdd, { name: toName(name), ...login }, options)).header);
    },
    async get(name, options) {
      const { header, roles } = await caller.read(method.userGet, { name: toName(name) }, options);
      return toResult({ roles, header: toHeader(header) });
    },
    list: async (options) => (await caller.read(method.userList, {}, options)).users,
    delete: async (name, options) =>
      toHeader((await caller.write(method.userDelete, { name: toName(name) }, options)).header),
    async changePassword(name, password, options) {
      const request = { name: toName(name), password: checked(password) };
      return toHeader((await caller.write(method.userChangePassword, request, options)).header);
    },
    grantRole: async (user, role, options) =>
      toHeader((await caller.write(method.userGrantRole, { user: toName(user), role: toName(role) }, options)).header),
    revokeRole: async (user, role, options) =>
      toHeader((await caller.write(method.userRevokeRole, { name: toName(user), role: toName(role) }, options)).header),
  };
}

// etcd would take it, and then let everybody in who knows the name.
function checked(password: string): string {
  if (typeof password === "string" && password !== "") return password;
  throw new EtcdError("invalid-argument", "The password is empty: leave it out for a user who has none");
}
