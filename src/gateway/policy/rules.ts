import type { DescMessage, DescMethod, Message, MessageShape } from "@bufbuild/protobuf";
import { joinBytes } from "../../base/bytes.ts";
import { type KeyRange, prefixEnd } from "../../base/range.ts";
import type { RequestOp, TxnRequest } from "../../gen/etcdserverpb/kv_pb.ts";
import type { LeaderKey } from "../../gen/v3electionpb/election_pb.ts";
import { Auth, Cluster, Election, Health, KV, Lease, Lock, Maintenance, Watch } from "../../proto.ts";

/** One thing that a request would read or change. */
export type Access =
  | { readonly what: "keys"; readonly range: KeyRange; readonly writes: boolean }
  | { readonly what: "lease"; readonly id: bigint; readonly writes: boolean };

/**
 * How far the requests of a method reach.
 *
 * - `keys`, `leases`: to those they name
 * - `server`: to nothing that is stored
 * - `cluster`: to all keys, or to members, users and history that all share; no prefix can bound that
 */
export type Reach = "keys" | "leases" | "server" | "cluster";

/** What the policy knows of one method. */
export interface Rule {
  readonly method: DescMethod;
  readonly reach: Reach;
  /** Whether any request of it is a change. Where false, those that are say so by what they touch. */
  readonly writes: boolean;
  /** All that a request would touch. */
  readonly touches: (request: Message) => Iterable<Access>;
}

/** Every method that etcd serves, one row for each. */
export const rules: readonly Rule[] = [
  onKeys(KV.method.range, (request) => [read(request)]),
  onKeys(KV.method.rangeStream, (request) => [read(request)]),
  onKeys(KV.method.put, ({ key, lease }) => [write(only(key)), ...use(lease)]),
  onKeys(KV.method.deleteRange, (request) => [write(request)]),
  onKeys(KV.method.txn, inTransaction),
  onCluster(KV.method.compact, "writes"), // takes history from everybody's watches and reads

  onKeys(Watch.method.watch, ({ requestUnion: { case: kind, value } }) =>
    kind === "createRequest" ? [read(value)] : [],
  ),

  onLeases(Lease.method.leaseGrant, ({ ID }) => [leaseOf(ID, "writes")]),
  onLeases(Lease.method.leaseRevoke, ({ ID }) => [leaseOf(ID, "writes")]), // deletes its keys, wherever they are
  onLeases(Lease.method.leaseKeepAlive, ({ ID }) => [leaseOf(ID, "writes")]),
  onLeases(Lease.method.leaseTimeToLive, ({ ID }) => [leaseOf(ID, "reads")]), // names its keys
  onCluster(Lease.method.leaseLeases, "reads"),

  onKeys(Lock.method.lock, ({ name, lease }) => [write(below(name)), ...use(lease)]),
  onKeys(Lock.method.unlock, ({ key }) => [write(only(key))]),

  onKeys(Election.method.campaign, ({ name, lease }) => [write(below(name)), ...use(lease)]),
  onKeys(Election.method.proclaim, ({ leader }) => asLeader(leader)),
  onKeys(Election.method.leader, ({ name }) => [read(below(name))]),
  onKeys(Election.method.observe, ({ name }) => [read(below(name))]),
  onKeys(Election.method.resign, ({ leader }) => asLeader(leader)),

  onServer(Health.method.check),
  onServer(Health.method.watch),

  onServer(Auth.method.authenticate),
  onServer(Auth.method.authStatus),
  onCluster(Auth.method.authEnable, "writes"),
  onCluster(Auth.method.authDisable, "writes"),
  onCluster(Auth.method.userAdd, "writes"),
  onCluster(Auth.method.userGet, "reads"),
  onCluster(Auth.method.userList, "reads"),
  onCluster(Auth.method.userDelete, "writes"),
  onCluster(Auth.method.userChangePassword, "writes"),
  onCluster(Auth.method.userGrantRole, "writes"),
  onCluster(Auth.method.userRevokeRole, "writes"),
  onCluster(Auth.method.roleAdd, "writes"),
  onCluster(Auth.method.roleGet, "reads"),
  onCluster(Auth.method.roleList, "reads"),
  onCluster(Auth.method.roleDelete, "writes"),
  onCluster(Auth.method.roleGrantPermission, "writes"),
  onCluster(Auth.method.roleRevokePermission, "writes"),

  onServer(Cluster.method.memberList),
  onCluster(Cluster.method.memberAdd, "writes"),
  onCluster(Cluster.method.memberRemove, "writes"),
  onCluster(Cluster.method.memberUpdate, "writes"),
  onCluster(Cluster.method.memberPromote, "writes"),

  onServer(Maintenance.method.status),
  onCluster(Maintenance.method.alarm, "writes"), // lists them too, but disarms the one that guards the quota
  onCluster(Maintenance.method.defragment, "writes"),
  onCluster(Maintenance.method.hash, "reads"),
  onCluster(Maintenance.method.hashKV, "reads"), // reads the whole store to answer
  onCluster(Maintenance.method.snapshot, "reads"), // is the whole store
  onCluster(Maintenance.method.moveLeader, "writes"),
  onCluster(Maintenance.method.downgrade, "writes"),
];

/** `KV/Range`: how people write a method; etcd has no two services of one name. */
export function methodName({ parent, name }: DescMethod): string {
  return `${parent.name}/${name}`;
}

type Touches<I extends DescMessage> = (request: MessageShape<I>) => Iterable<Access>;
type Method<I extends DescMessage> = DescMethod & { readonly input: I };

function onKeys<I extends DescMessage>(method: Method<I>, touches: Touches<I>): Rule {
  return { method, reach: "keys", writes: false, touches: touches as Rule["touches"] };
}

function onLeases<I extends DescMessage>(method: Method<I>, touches: Touches<I>): Rule {
  return { method, reach: "leases", writes: false, touches: touches as Rule["touches"] };
}

function onServer(method: DescMethod): Rule {
  return { method, reach: "server", writes: false, touches: () => [] };
}

function onCluster(method: DescMethod, does: "reads" | "writes"): Rule {
  return { method, reach: "cluster", writes: does === "writes", touches: () => [] };
}

// Both branches, whatever the comparisons say: they are decided in etcd. A comparison reads, by its answer.
function* inTransaction({ compare, success, failure }: TxnRequest): Iterable<Access> {
  for (const comparison of compare) yield read(comparison);
  for (const operation of [...success, ...failure]) yield* inOperation(operation);
}

function* inOperation({ request }: RequestOp): Iterable<Access> {
  switch (request.case) {
    case "requestRange":
      yield read(request.value);
      break;
    case "requestPut":
      yield write(only(request.value.key));
      yield* use(request.value.lease);
      break;
    case "requestDeleteRange":
      yield write(request.value);
      break;
    case "requestTxn":
      yield* inTransaction(request.value);
      break;
    case undefined:
      break; // etcd takes it for nothing
    default:
      request satisfies never;
  }
}

function asLeader(leader: LeaderKey | undefined): Access[] {
  const { key, lease } = leader ?? { key: new Uint8Array(), lease: 0n };
  return [write(only(key)), ...use(lease)];
}

function read(range: KeyRange): Access {
  return { what: "keys", range: { key: range.key, rangeEnd: range.rangeEnd }, writes: false };
}

function write(range: KeyRange): Access {
  return { what: "keys", range: { key: range.key, rangeEnd: range.rangeEnd }, writes: true };
}

/** To put a key on a lease; 0 is none. */
function use(lease: bigint): Access[] {
  return lease === 0n ? [] : [leaseOf(lease, "writes")];
}

function leaseOf(id: bigint, does: "reads" | "writes"): Access {
  return { what: "lease", id, writes: does === "writes" };
}

function only(key: Uint8Array): KeyRange {
  return { key, rangeEnd: new Uint8Array() };
}

/** The keys of a lock or an election: etcd puts them below its name and a slash. */
function below(name: Uint8Array): KeyRange {
  const prefix = joinBytes([name, Uint8Array.of(0x2f)]);
  return { key: prefix, rangeEnd: prefixEnd(prefix) };
}
