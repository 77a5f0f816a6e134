import type { EtcdError } from "../base/errors.ts";
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
 * @param goesOn whether a watch outlives an error
 */
export async function passUntouched(
  behind: ReadonlyMap<Follower, EtcdError>,
  read: LastChanges,
  goesOn: (follower: Follower, error: EtcdError) => boolean,
): Promise<Pinned> {
  const all = [...behind];
  const refused: (readonly [Follower, EtcdError])[] = [];
  for (let i = 0; i < all.length; i += mostAtOnce) {
    const some = all.slice(i, i + mostAtOnce);
    try {
      const { revision, changedAt } = await read(some.map(([{ subject }]) => rangeOf(subject).key));
      for (const [n, entry] of some.entries()) {
        const [follower] = entry;
        const last = changedAt[n];
        if (last !== undefined && last < (follower.next ?? 0n)) follower.next = revision + 1n;
        else refused.push(entry);
      }
    } catch (error) {
      const reason = toEtcdError(error, { what: "Watch", write: false });
      if (some.some(([follower]) => goesOn(follower, reason))) return { refused, again: reason };
      refused.push(...some);
    }
  }
  return { refused, again: undefined };
}
