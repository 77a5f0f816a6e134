import type { Change } from "./change-log.ts";
import { covers, type Span } from "./keys.ts";

/** Whom a new revision may concern. */
export interface Follower {
  readonly span: Span;
  /** The first revision it has not been shown. */
  readonly next: bigint;
  /** Takes the changes of one revision that are in its span. */
  receive(revision: bigint, changes: readonly Change[]): void;
}

/** The watchers that have seen everything up to now: a new revision goes straight to them. */
export class WatcherGroup {
  readonly #byKey = new Map<string, Set<Follower>>();
  readonly #ranges = new Set<Follower>();

  add(follower: Follower): void {
    const { span } = follower;
    const set = this.#setOf(follower) ?? new Set();
    if ("key" in span) this.#byKey.set(span.key, set);
    set.add(follower);
  }

  has(follower: Follower): boolean {
    return this.#setOf(follower)?.has(follower) ?? false;
  }

  delete(follower: Follower): void {
    const set = this.#setOf(follower);
    set?.delete(follower);
    if (set?.size === 0 && "key" in follower.span) this.#byKey.delete(follower.span.key);
  }

  /** Shows a revision to those it concerns, each once and with all of it. */
  notify(revision: bigint, changes: readonly Change[]): void {
    const shares = new Map<Follower, Change[]>();
    for (const change of changes) {
      for (const follower of this.#matching(change.name)) {
        if (revision < follower.next) continue;
        const share = shares.get(follower);
        if (share) share.push(change);
        else shares.set(follower, [change]);
      }
    }
    for (const [follower, share] of shares) follower.receive(revision, share);
  }

  *#matching(name: string): Iterable<Follower> {
    yield* this.#byKey.get(name) ?? [];
    for (const follower of this.#ranges) if (covers(follower.span, name)) yield follower;
  }

  #setOf({ span }: Follower): Set<Follower> | undefined {
    return "key" in span ? this.#byKey.get(span.key) : this.#ranges;
  }
}
