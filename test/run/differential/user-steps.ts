import fc, { type Arbitrary } from "fast-check";
import { bytes, key, seldom } from "./keys.ts";
import type { CallStep, Program } from "./program.ts";
import { rootPassword } from "./session.ts";

const users = ["alice", "bob"];
const user = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...users, "root", "carol") },
  { weight: 1, arbitrary: fc.constantFrom("nobody", "") },
);
const role = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom("reads", "writes") },
  { weight: 2, arbitrary: fc.constantFrom("root", "none", "") },
);
const password = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom("1", "1", "2", "") },
  { weight: 1, arbitrary: fc.constant("p".repeat(73)) },
);

/** Root holds slot 0, the others the next ones, as far as they have signed in. */
const slotOf = (name: string): number => ["root", ...users].indexOf(name);

const permission = fc
  .tuple(key, fc.constantFrom("", "b", "c", "e", "\0"), fc.integer({ min: 0, max: 2 }), seldom)
  .map(([from, to, permType, isNone]) => (isNone ? {} : { perm: { key: from, rangeEnd: bytes(to), permType } }));

const call = (name: string, request: object): CallStep => ({ call: `auth.${name}`, request });
const named = (name: string): CallStep[] => [call(name, {})];

const userAdd = fc.tuple(user, password, seldom).map(([name, given, noPassword]) => {
  if (name === "root") return call("userAdd", { name, password: rootPassword });
  return call("userAdd", { name, password: given, ...(noPassword && { options: { noPassword } }) });
});

/** Root keeps its password, so that the next program can get in. */
const userChangePassword = fc.tuple(user, password, seldom).map(([name, given, isHash]) => {
  if (name === "root") return call("userChangePassword", { name, password: rootPassword });
  return call("userChangePassword", isHash ? { name, hashedPassword: "no base64!" } : { name, password: given });
});

const authenticate = fc.tuple(user, password).map(([name, given]): CallStep => {
  const request = { name, password: name === "root" ? rootPassword : given };
  return slotOf(name) < 0 ? call("authenticate", request) : { ...call("authenticate", request), saves: slotOf(name) };
});

/** Every call of the Auth service. */
export const userStep: Arbitrary<CallStep> = fc.oneof(
  { weight: 6, arbitrary: authenticate },
  { weight: 4, arbitrary: userAdd },
  { weight: 2, arbitrary: userChangePassword },
  { weight: 2, arbitrary: user.map((name) => call("userDelete", { name })) },
  { weight: 2, arbitrary: user.map((name) => call("userGet", { name })) },
  { weight: 5, arbitrary: fc.tuple(user, role).map(([name, role]) => call("userGrantRole", { user: name, role })) },
  { weight: 2, arbitrary: fc.tuple(user, role).map(([name, role]) => call("userRevokeRole", { name, role })) },
  { weight: 4, arbitrary: role.map((name) => call("roleAdd", { name })) },
  { weight: 2, arbitrary: role.map((name) => call("roleGet", { role: name })) },
  { weight: 1, arbitrary: role.map((name) => call("roleDelete", { role: name })) },
  {
    weight: 6,
    arbitrary: fc.tuple(role, permission).map(([name, perm]) => call("roleGrantPermission", { name, ...perm })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(role, key, fc.constantFrom("", "b", "c", "\0"))
      .map(([role, from, to]) => call("roleRevokePermission", { role, key: from, rangeEnd: bytes(to) })),
  },
  { weight: 4, arbitrary: fc.constantFrom(...["userList", "roleList", "authStatus", "authEnable"].flatMap(named)) },
  { weight: 1, arbitrary: fc.constant(call("authDisable", {})) },
);

/** Root and two users who have signed in, one with two roles. */
export const signedIn: Program = [
  call("userAdd", { name: "root", password: rootPassword }),
  call("userGrantRole", { user: "root", role: "root" }),
  ...users.map((name) => call("userAdd", { name, password: "1" })),
  call("userAdd", { name: "carol", options: { noPassword: true } }),
  ...["reads", "writes"].map((name) => call("roleAdd", { name })),
  call("roleGrantPermission", { name: "reads", perm: { key: bytes("a"), rangeEnd: bytes("b"), permType: 0 } }),
  call("roleGrantPermission", { name: "reads", perm: { key: bytes("b"), rangeEnd: bytes("c"), permType: 0 } }),
  call("roleGrantPermission", { name: "writes", perm: { key: bytes("a"), rangeEnd: bytes("c"), permType: 1 } }),
  call("userGrantRole", { user: "alice", role: "reads" }),
  call("userGrantRole", { user: "alice", role: "writes" }),
  call("userGrantRole", { user: "bob", role: "writes" }),
  // What hangs on this lease only root may write, or read.
  { call: "lease.leaseGrant", request: { TTL: 1000n, ID: 1n }, saves: 1 },
  { call: "kv.put", request: { key: bytes("d"), lease: { lease: 1 } } },
  call("authEnable", {}),
  { ...call("authenticate", { name: "root", password: rootPassword }), saves: 0 },
  { ...call("authenticate", { name: "alice", password: "1" }), saves: 1 },
  { ...call("authenticate", { name: "bob", password: "1" }), saves: 2 },
];

/** Whose token a call carries: root's, a user's, none, or one that nobody was given. */
export const token: Arbitrary<number | undefined> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0, 1, 1, 2) },
  { weight: 1, arbitrary: fc.constantFrom(undefined, -1) },
);
