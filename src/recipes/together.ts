import type { EtcdKeyspace } from "../client/etcd.ts";
import type { Op, Results } from "../kv/txn.ts";
import type { CallOptions } from "../transport/caller.ts";

/** Runs operations at one revision, whatever there is. */
export async function together<const O extends readonly Op[]>(
  etcd: EtcdKeyspace,
  operations: O,
  options: CallOptions,
): Promise<{ readonly results: Results<O>; readonly revision: bigint }> {
  const { results, revision } = await etcd.txn<O, []>({ success: operations }, options);
  return { results: results as Results<O>, revision };
}
