import type { EtcdError } from "../base/errors.ts";
import type { KeyRange } from "../base/range.ts";
import { toEtcdError } from "../transport/to-etcd-error.ts";
import type { Follower } from "./follower.ts";
import { rangeOf } from "./subject.ts";

/** The store's present revision, by a linearizable read that touches no more than the range's first key. */
export type Pin = (range: KeyRange) => Promise<bigint>;

/** What became of pinning: those that cannot be read by their own permission, and the error to try again after. */
export interface Pinned {
  readonly refused: readonly (readonly [Follower, EtcdError])[];
  readonly again: EtcdError | undefined;
}

/**
 * Gives each watch its start. "From now on" is pinned by a read, since the revision that `created` names is too late on
 * newer servers; one read serves all, and where it is refused each watch's own permission decides.
 *
 * @param goesOn whether a watch outlives an error
 */
export async function pinStarts(
  followers: readonly Follower[],
  pin: Pin,
  goesOn: (follower: Follower, error: EtcdError) => boolean,
): Promise<Pinned> {
  for (const follower of followers) follower.next ??= follower.subject.startRevision;
  const open = followers.filter(({ next }) => next === undefined);
  const refused: [Follower, EtcdError][] = [];
  for (const [i, follower] of open.entries()) {
    try {
      const next = (await pin(rangeOf(follower.subject))) + 1n;
      for (const other of open.slice(i)) other.next ??= next; // one for all: there may be thousands
      break;
    } catch (error) {
      const reason = toEtcdError(error, { what: "Watch", write: false });
      const isOwn = reason.code === "permission-denied"; // of this range; anything else meets all alike
      if (isOwn && !goesOn(follower, reason)) {
        refused.push([follower, reason]);
        continue;
      }
      // What is tried again is so for all: those who have not been read yet are, with the other token.
      const rest = open.slice(isOwn ? i + 1 : i);
      const over = rest.filter((each) => !goesOn(each, reason));
      if (!isOwn) for (const each of over) refused.push([each, reason]);
      return { refused, again: isOwn || over.length < rest.length ? reason : undefined };
    }
  }
  return { refused, again: undefined };
}
