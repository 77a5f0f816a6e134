import { bytes } from "./keys.ts";
import type { CallStep, Program, Step, WatchStep } from "./program.ts";
import { rootPassword } from "./session.ts";
import { signedIn } from "./user-steps.ts";

const call = (name: string, request: object = {}): CallStep => ({ call: name, request });
const by = (token: number, steps: readonly Step[]): Step[] => steps.map((step) => ({ ...step, token }));

const [root, bob, stranger] = [0, 2, -1];
const key = bytes("a");
const notTheirs = bytes("d"); // nor is what hangs on lease 1
const old = { revision: 1 };
const ask = (value: object): object => ({ request: { case: "requestRange", value } });
const put = (value: object): object => ({ request: { case: "requestPut", value } });
const txn = (...success: readonly object[]): CallStep => call("kv.txn", { success });
const watch = (stream: number, watch: object): WatchStep => ({ watch, stream });

/** What etcd says to keys, leases and watches. */
const keys: Program = [
  call("kv.put", { key }),
  ...["kv.range", "kv.rangeStream", "kv.put", "kv.deleteRange"].map((name) => call(name)),
  call("kv.range", { key, sortOrder: 3 }),
  ...["kv.range", "kv.rangeStream"].flatMap((name) => [
    call(name, { key }),
    call(name, { key, revision: { revision: 900 } }),
  ]),
  call("kv.put", { key: notTheirs, ignoreValue: true }),
  call("kv.put", { key, ignoreValue: true, value: bytes("1") }),
  call("kv.put", { key, ignoreLease: true, lease: { lease: 77 } }),
  call("kv.put", { key, lease: { lease: 77 } }),
  txn(put({ key })),
  txn(ask({})),
  txn(put({ key: notTheirs, ignoreValue: true })),
  txn(put({ key, ignoreValue: true, value: bytes("1") })),
  txn(put({ key, ignoreLease: true, lease: { lease: 77 } })),
  txn(put({ key, lease: { lease: 77 } })),
  txn(ask({ key, sortOrder: 3 })),
  txn(ask({ key, revision: { revision: 900 } })),
  txn(put({ key }), put({ key })),
  txn(...Array.from({ length: 129 }, () => ask({ key }))),
  call("kv.deleteRange", { key }),
  { ...call("lease.leaseGrant", { TTL: 1000n, ID: 1n }), saves: 1 },
  call("lease.leaseGrant", { TTL: 1000n, ID: 1n }),
  call("lease.leaseGrant", { TTL: 9_000_000_001n }),
  ...["lease.leaseKeepAlive", "lease.leaseTimeToLive", "lease.leaseRevoke", "lease.leaseRevoke"].map((name) =>
    call(name, { ID: { lease: 1 } }),
  ),
  call("lease.leaseLeases"),
  call("maintenance.hashKV", { revision: { revision: 0 } }),
  call("maintenance.hashKV", { revision: { revision: 900 } }),
  watch(0, { key, watchId: 1n }),
  watch(0, { key, watchId: 1n }),
  watch(0, { key: bytes("b"), rangeEnd: key }),
  watch(0, { key, startRevision: { revision: -1 } }),
  call("kv.put", { key }),
  { cancel: 1, stream: 0 },
];

/** What it says where history has gone. */
const past: Program = [
  ...["1", "2", "3"].map((value) => call("kv.put", { key, value: bytes(value) })),
  call("kv.compact", { revision: { revision: 3 } }),
  call("kv.compact", { revision: old }),
  call("kv.compact", { revision: { revision: 900 } }),
  ...["kv.range", "kv.rangeStream"].map((name) => call(name, { key, revision: old })),
  txn(ask({ key, revision: old })),
  watch(0, { key, startRevision: old }),
];

/** Calls that not everybody may make. */
const guarded: Program = [
  call("kv.range", { key: notTheirs }),
  call("kv.rangeStream", { key: notTheirs }),
  call("kv.put", { key: notTheirs }),
  call("kv.deleteRange", { key: notTheirs }),
  txn(put({ key: notTheirs })),
  call("kv.compact", { revision: old }),
  ...["Revoke", "KeepAlive", "TimeToLive"].map((name) =>
    call(`lease.lease${name}`, { ID: { lease: 1 }, ...(name === "TimeToLive" && { keys: true }) }),
  ),
  call("lease.leaseLeases"),
  call("auth.authEnable"),
  call("auth.authDisable"),
  call("auth.userAdd", { name: "dave", password: "1" }),
  call("auth.userChangePassword", { name: "alice", password: "2" }),
  call("auth.userGet", { name: "alice" }),
  call("auth.userList"),
  call("auth.userGrantRole", { user: "carol", role: "reads" }),
  call("auth.userRevokeRole", { name: "alice", role: "reads" }),
  call("auth.roleAdd", { name: "more" }),
  call("auth.roleGet", { role: "reads" }),
  call("auth.roleList"),
  call("auth.roleGrantPermission", { name: "reads", perm: { key, permType: 0 } }),
  call("auth.roleRevokePermission", { role: "reads", key, rangeEnd: bytes("b") }),
  call("auth.userDelete", { name: "alice" }),
  call("auth.roleDelete", { role: "reads" }),
];
/** Calls for anybody who has signed in. */
const forAnybody: Program = [call("lease.leaseGrant", { TTL: 1000n, ID: 2n }), call("auth.authStatus")];

/** What root does wrong, and then right. */
const administered: Program = [
  call("auth.userAdd", { name: "alice", password: "1" }),
  call("auth.userAdd", { name: "dave", password: "p".repeat(73) }),
  call("auth.userChangePassword", { name: "nobody", password: "1" }),
  call("auth.userChangePassword", { name: "alice", password: "p".repeat(73) }),
  call("auth.userChangePassword", { name: "alice", hashedPassword: "no base64!" }),
  call("auth.userDelete", { name: "nobody" }),
  call("auth.userDelete", { name: "root" }),
  call("auth.userGet", { name: "nobody" }),
  call("auth.userGrantRole", { user: "nobody", role: "reads" }),
  call("auth.userGrantRole", { user: "alice", role: "none" }),
  call("auth.userRevokeRole", { name: "nobody", role: "reads" }),
  call("auth.userRevokeRole", { name: "bob", role: "reads" }),
  call("auth.roleAdd", { name: "reads" }),
  call("auth.roleAdd", { name: "" }),
  call("auth.roleDelete", { role: "none" }),
  call("auth.roleGet", { role: "none" }),
  call("auth.roleGrantPermission", { name: "none", perm: { key, permType: 0 } }),
  call("auth.roleGrantPermission", { name: "reads", perm: { key: bytes("b"), rangeEnd: key, permType: 0 } }),
  call("auth.roleGrantPermission", { name: "reads" }),
  call("auth.roleRevokePermission", { role: "none", key }),
  call("auth.roleRevokePermission", { role: "reads", key: notTheirs }),
];

/** A watch by somebody, on a stream of theirs. */
const watchBy = (token: number): WatchStep => ({ ...watch(token, { key: notTheirs }), token });

/** What it says to users, and to those who are none. */
const users: Program = [
  call("auth.authEnable"),
  call("auth.authenticate", { name: "root", password: rootPassword }),
  call("auth.userAdd", { name: "root", password: rootPassword }),
  call("auth.authEnable"),
  ...signedIn,
  ...guarded,
  ...forAnybody,
  ...by(stranger, [...guarded, ...forAnybody]),
  ...by(bob, guarded),
  watch(9, { key: notTheirs }),
  ...[stranger, bob, root].map(watchBy),
  call("auth.authenticate", { name: "alice", password: "no" }),
  call("auth.authenticate", { name: "carol", password: "1" }),
  ...by(root, [...administered, ...forAnybody, ...guarded]),
];

/** Fixed programs that bring each answer which programs drawn at random bring seldom. */
export const tours: readonly Program[] = [keys, past, users];
