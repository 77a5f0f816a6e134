import type { Follower } from "./follower.ts";

/**
 * Which watches are asked for in parts: those before whom a message was too large, until they have come so far. etcd sends
 * responses above 2 MiB in parts where it is asked to, but sizes all events of a part anew for each that it adds: 200
 * transactions of 100 small events cost it 1.6 s on 3.5 and 5.5 s on 3.7 instead of 0.1 s, and the deletion of 100,000
 * keys minutes instead of half a second. So a message may be as large as the transport takes, as a rule.
 */
export class Parts {
  readonly #until = new WeakMap<Follower, bigint>();

  /** A message to one of these was too large, on a stream that had named this revision. */
  want(followers: Iterable<Follower>, revision: bigint): void {
    for (const follower of followers) {
      const { next = 0n } = follower;
      this.#until.set(follower, revision > next ? revision : next);
    }
  }

  /** Whether a stream of these is to be asked for in parts. */
  wanted(followers: Iterable<Follower>): boolean {
    for (const follower of followers) if ((follower.next ?? 0n) <= (this.#until.get(follower) ?? -1n)) return true;
    return false;
  }
}
