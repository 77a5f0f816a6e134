import { create } from "@bufbuild/protobuf";
import { compareBytes, toText } from "../base/bytes.ts";
import { isEndless } from "../base/range.ts";
import {
  type Permission,
  PermissionSchema,
  Permission_Type as PermissionType,
  type Role,
  RoleSchema,
  type User,
  UserSchema,
} from "../gen/authpb/auth_pb.ts";
import { errors } from "./errors.ts";
import { Permissions } from "./permissions.ts";

/** Users, roles and whether they matter, at rest. */
export interface AuthState {
  readonly enabled: boolean;
  readonly revision: bigint;
  readonly users: readonly User[];
  readonly roles: readonly Role[];
}

/** Both the user that must not go while authentication is on, and the role that may do everything. */
const root = "root";
const emptyAuth: AuthState = { enabled: false, revision: 1n, users: [], roles: [] };
const encoder = new TextEncoder();

/** etcd's users and roles. Every change makes a new revision of its own count. */
export class AuthStore {
  readonly #users: Map<string, User>;
  readonly #roles: Map<string, Role>;
  readonly #permissions = new Map<User, Permissions>();
  #enabled: boolean;
  #revision: bigint;

  constructor({ enabled, revision, users, roles }: AuthState = emptyAuth) {
    this.#enabled = enabled;
    this.#revision = revision;
    this.#users = new Map(users.map((user) => [toText(user.name), user]));
    this.#roles = new Map(roles.map((role) => [toText(role.name), role]));
  }

  get enabled(): boolean {
    return this.#enabled;
  }

  get revision(): bigint {
    return this.#revision;
  }

  get state(): AuthState {
    const { enabled, revision } = this;
    return { enabled, revision, users: [...this.#users.values()], roles: [...this.#roles.values()] };
  }

  /** Their names in order. */
  get userNames(): string[] {
    return sorted(this.#users.keys());
  }

  /** Their names in order. */
  get roleNames(): string[] {
    return sorted(this.#roles.keys());
  }

  enable(): void {
    if (this.#enabled) return;
    const user = this.#users.get(root);
    if (user === undefined) throw errors.rootUserNotExist();
    if (!isRoot(user)) throw errors.rootRoleNotExist();
    this.#enabled = true;
  }

  disable(): void {
    if (!this.#enabled) return;
    this.#enabled = false;
    this.#changed();
  }

  find(name: string): User | undefined {
    return this.#users.get(name);
  }

  user(name: string): User {
    const user = this.#users.get(name);
    if (user === undefined) throw errors.userNotFound();
    return user;
  }

  /** @param password what is kept of it; undefined for a user that signs in with none */
  addUser(name: string, password: Uint8Array | undefined): void {
    if (name === "") throw errors.userEmpty();
    if (this.#users.has(name)) throw errors.userAlreadyExist();
    const options = { noPassword: password === undefined };
    this.#users.set(name, create(UserSchema, { name: encoder.encode(name), password: password ?? none, options }));
    this.#changed();
  }

  deleteUser(name: string): void {
    this.#keepRoot(name);
    this.user(name);
    this.#users.delete(name);
    this.#changed();
  }

  /** @param password gives what is to be kept of it; not asked for a user that has none */
  changePassword(name: string, password: () => Uint8Array): void {
    const user = this.user(name);
    if (!user.options?.noPassword) user.password = password();
    this.#changed();
  }

  grantRole(name: string, role: string): void {
    const user = this.user(name);
    if (role !== root) this.role(role);
    if (user.roles.includes(role)) return;
    user.roles = sorted([...user.roles, role]);
    this.#changed();
  }

  revokeRole(name: string, role: string): void {
    if (role === root) this.#keepRoot(name);
    const user = this.user(name);
    if (!user.roles.includes(role)) throw errors.roleNotGranted();
    user.roles = user.roles.filter((each) => each !== role);
    this.#changed();
  }

  role(name: string): Role {
    const role = this.#roles.get(name);
    if (role === undefined) throw errors.roleNotFound();
    return role;
  }

  /** What the role permits, as etcd shows it. */
  permissionsOf(name: string): readonly Permission[] {
    const { keyPermission } = this.role(name);
    return name === root ? [everything] : keyPermission;
  }

  addRole(name: string): void {
    if (name === "") throw errors.roleEmpty();
    if (this.#roles.has(name)) throw errors.roleAlreadyExist();
    this.#roles.set(name, create(RoleSchema, { name: encoder.encode(name) }));
    this.#changed();
  }

  deleteRole(name: string): void {
    this.#keepRoot(name);
    this.role(name);
    this.#roles.delete(name);
    for (const user of this.#users.values()) user.roles = user.roles.filter((role) => role !== name);
    this.#changed();
  }

  grantPermission(name: string, permission: Permission | undefined): void {
    if (permission === undefined) throw errors.permissionNotGiven();
    const { key, rangeEnd, permType } = permission;
    if (!isValidRange(permission)) throw errors.invalidAuthMgmt();
    const role = this.role(name);
    // Only the first with this key is looked at, so that a range granted again may stand there twice: etcd's does.
    const first = role.keyPermission.find((each) => compareBytes(each.key, key) >= 0);
    if (first !== undefined && isSameRange(first, permission)) first.permType = permType;
    else {
      const added = create(PermissionSchema, { key, rangeEnd, permType });
      role.keyPermission = [...role.keyPermission, added].sort((a, b) => compareBytes(a.key, b.key));
    }
    this.#changed();
  }

  revokePermission(name: string, range: Pick<Permission, "key" | "rangeEnd">): void {
    const role = this.role(name);
    const kept = role.keyPermission.filter((each) => !isSameRange(each, range));
    if (kept.length === role.keyPermission.length) throw errors.permissionNotGranted();
    role.keyPermission = kept;
    this.#changed();
  }

  /** What a user may do, unless it is {@link isRoot}. */
  permissions(user: User): Permissions {
    let permissions = this.#permissions.get(user);
    if (permissions === undefined) {
      permissions = new Permissions(user.roles.flatMap((role) => this.#roles.get(role)?.keyPermission ?? []));
      this.#permissions.set(user, permissions);
    }
    return permissions;
  }

  #keepRoot(name: string): void {
    if (this.#enabled && name === root) throw errors.invalidAuthMgmt();
  }

  #changed(): void {
    this.#revision += 1n;
    this.#permissions.clear();
  }
}

const none = new Uint8Array();
const everything = create(PermissionSchema, { permType: PermissionType.READWRITE, rangeEnd: Uint8Array.of(0) });

/** Whether the user may do everything. */
export function isRoot({ roles }: User): boolean {
  return roles.includes(root);
}

function isValidRange({ key, rangeEnd }: Permission): boolean {
  if (key.length === 0) return false;
  return rangeEnd.length === 0 || compareBytes(key, rangeEnd) < 0 || isEndless(rangeEnd);
}

function isSameRange(a: Pick<Permission, "key" | "rangeEnd">, b: Pick<Permission, "key" | "rangeEnd">): boolean {
  return compareBytes(a.key, b.key) === 0 && compareBytes(a.rangeEnd, b.rangeEnd) === 0;
}

/** By the bytes of their UTF-8, as etcd sorts. */
function sorted(names: Iterable<string>): string[] {
  return [...names].sort((a, b) => compareBytes(encoder.encode(a), encoder.encode(b)));
}
