import type { EtcdError, EtcdErrorCode } from "../base/errors.ts";
import { toEtcdError } from "../transport/to-etcd-error.ts";
import type { Follower } from "./follower.ts";
import type { Pinned } from "./pin.ts";
import { rangeOf } from "./subject.ts";

/** The revisions that changed these keys last, undefined for one that is not there; by one linearizable read. */
export type LastChanges = (keys: readonly Uint8Array[]) => Promise<{
  /** The store's, as it was read. */
  readonly revision: bigint;
  readonly changedAt: readonly (bigint | undefined)[];
}>;

/** etcd takes 128 operations at once unless told otherwise. */
const mostAtOnce = 100;

/** What refuses a read for how much it asks. */
const tooMuch: ReadonlySet<EtcdErrorCode> = new Set(["too-many-operations", "too-large"]);

/** Whether a read can tell that nothing has happened to what is watched. */
export function isOneKey({ subject }: Follower): boolean {
  return rangeOf(subject).rangeEnd.length === 0;
}

/**
 * Watches of one key each whose history is gone, with the error that said so. One whose key was last changed before the
 * watch's position has lost nothing: a put would have changed it, and so would the put that must follow a delete. It
 * goes on after the read. Of a key that is not there no read can tell: it may have come and gone, and so may any in a
 * range.
 *
 * @param behind it is left with those that have not been judged
 * @param goesOn whether a watch outlives an error
 */
export async function passUntouched(
  behind: Map<Follower, EtcdError>,
  read: LastChanges,
  goesOn: (follower: Follower, error: EtcdError) => boolean,
): Promise<Pinned> {
  const refused: (readonly [Follower, EtcdError])[] = [];
  const all = [...behind];
  const batches: (typeof all)[] = [];
  for (let i = 0; i < all.length; i += mostAtOnce) batches.push(all.slice(i, i + mostAtOnce));
  for (let some = batches.shift(); some !== undefined; some = batches.shift()) {
    try {
      const { revision, changedAt } = await read(some.map(([{ subject }]) => rangeOf(subject).key));
      for (const [n, entry] of some.entries()) {
        const [follower] = entry;
        const last = changedAt[n];
        behind.delete(follower);
        if (last !== undefined && last < (follower.next ?? 0n)) follower.next = revision + 1n;
        else refused.push(entry);
      }
    } catch (error) {
      const reason = toEtcdError(error, { what: "Watch", write: false });
      const half = some.length >> 1;
      const isTooMuch = half > 0 && tooMuch.has(reason.code);
      const goOn = isTooMuch ? [] : some.filter(([follower]) => goesOn(follower, reason));
      if (goOn.length > 0) return { refused, again: reason };
      // One key that may not be read refuses the read of all.
      if (isTooMuch || (half > 0 && isDenied(reason))) batches.push(some.slice(0, half), some.slice(half));
      else for (const [follower, compacted] of some) refused.push([follower, isDenied(reason) ? reason : compacted]);
    }
  }
  return { refused, again: undefined };
}

function isDenied({ code }: EtcdError): boolean {
  return code === "permission-denied";
}
