import { toPrintable } from "../base/bytes.ts";
import { EtcdError } from "../base/errors.ts";
import type { KeyValue } from "../base/key-value.ts";
import type { Range } from "../base/range.ts";
import type { EtcdKeyspace } from "../client/etcd.ts";
import { compare } from "../kv/compare.ts";
import { op } from "../kv/op.ts";
import type { Lease } from "../lease/lease.ts";
import type { Platform } from "../platform/platform.ts";
import type { CallOptions } from "../transport/caller.ts";

/** Where to stand: a key in a line, in which the order of creation counts. */
export interface Spot {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** Of these keys, those that were there before must go first. */
  readonly ahead: Range;
}

/** What standing there needs of a session. */
export interface Ground {
  readonly etcd: EtcdKeyspace;
  readonly platform: Platform;
  readonly lease: Lease;
}

/** How to ask for a place. */
export interface Asking {
  readonly headers: CallOptions["headers"];
  /** Only if there is no other key ahead. */
  readonly onlyIfFree: boolean;
}

/** What came of asking. */
export interface Joined {
  /** That created the key. */
  readonly revision: bigint;
  /** Nobody is ahead. */
  readonly first: boolean;
  /** The value it had, where it was there already: put by the same lease, whoever that was. */
  readonly found: Uint8Array | undefined;
}

/** A call of our own must not hang for longer, whatever the client allows. */
export const callMs = 10_000;

/**
 * Creates the key, or finds it: to ask twice is the same as to ask once. Undefined: somebody is there, and it was to be
 * only if nobody is.
 */
export async function ask(
  { etcd, lease }: Ground,
  { key, value, ahead }: Spot,
  { headers, onlyIfFree }: Asking,
): Promise<Joined | undefined> {
  const head = op.range(ahead, { limit: 1, sort: { by: "createRevision" }, keysOnly: true });
  const { succeeded, results, revision } = await etcd.txn(
    {
      compare: onlyIfFree ? [compare.version(ahead).equals(0), compare.missing(key)] : [compare.missing(key)],
      success: [op.put(key, value, { lease }), head],
      failure: [op.get(key), head],
    },
    { timeoutMs: callMs, headers },
  );
  if (succeeded) return { revision, first: isFirst(results[1].kvs, revision), found: undefined };
  const [found, { kvs }] = results;
  if (found === undefined) return undefined;
  if (found.lease === lease.id) {
    return { revision: found.createRevision, first: isFirst(kvs, found.createRevision), found: found.value };
  }
  const text = `The key ${toPrintable(key)} is there already, and not of lease ${lease.id}`;
  throw new EtcdError("already-exists", text, { current: found });
}

function isFirst([head]: readonly KeyValue[], revision: bigint): boolean {
  return head === undefined || head.createRevision >= revision;
}
