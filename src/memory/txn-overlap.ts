import type { RequestOp, TxnRequest } from "../gen/etcdserverpb/kv_pb.ts";
import { errors } from "./errors.ts";
import { toName } from "./keys.ts";

interface Deleted {
  readonly from: string;
  /** undefined: the one key */
  readonly to: string | undefined;
}

/** What a list of operations writes, for the list around it. */
interface Written {
  readonly puts: ReadonlySet<string>;
  readonly deletes: readonly Deleted[];
}

/** Refuses a transaction that would write a key twice in one revision: etcd's checkIntervals, list by list. */
export function checkOverlap({ success, failure }: TxnRequest): void {
  written(success);
  written(failure);
}

function written(ops: readonly RequestOp[]): Written {
  const deletes = ops.flatMap(deletedBy);
  const puts = new Set<string>();
  const add = (name: string): void => {
    if (puts.has(name) || deletes.some((deleted) => isIn(deleted, name))) throw errors.duplicateKey();
    puts.add(name);
  };
  for (const { request } of ops) if (request.case === "requestTxn") addBranches(request.value, puts, deletes, add);
  for (const { request } of ops) if (request.case === "requestPut") add(toName(request.value.key));
  return { puts, deletes };
}

/** Only one branch runs, so both may put the same key. Their deletes count for what follows, not for what went before. */
function addBranches(txn: TxnRequest, puts: Set<string>, deletes: Deleted[], add: (name: string) => void): void {
  const success = written(txn.success);
  const failure = written(txn.failure);
  for (const name of success.puts) add(name);
  for (const name of success.puts) if (failure.puts.has(name)) puts.delete(name);
  for (const name of failure.puts) add(name);
  deletes.push(...success.deletes, ...failure.deletes);
}

function deletedBy({ request }: RequestOp): Deleted[] {
  if (request.case !== "requestDeleteRange") return [];
  const { key, rangeEnd } = request.value;
  return [{ from: toName(key), to: rangeEnd.length === 0 ? undefined : toName(rangeEnd) }];
}

// "From the key on" (an end of one zero byte) is here an empty interval, as in etcd, which lets such a delete pass
// beside any put.
function isIn({ from, to }: Deleted, name: string): boolean {
  return to === undefined ? name === from : name >= from && name < to;
}
