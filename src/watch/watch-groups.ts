import type { EtcdError } from "../base/errors.ts";
import type { Platform } from "../platform/platform.ts";
import { ClusterGuard } from "./cluster-guard.ts";
import type { Follower } from "./follower.ts";
import { Parts } from "./parts.ts";
import { type WatchContext, WatchGroup } from "./watch-group.ts";

/** A client's watches by their headers: what is sent with a stream holds for all of its watches. */
export class WatchGroups {
  readonly #context: WatchContext;
  readonly #groups = new Map<string, WatchGroup>();
  /** In no group: they wait for their readers. */
  readonly #detached = new Set<Follower>();
  readonly #guard = new ClusterGuard((error) => this.#failAll(error));
  readonly #parts = new Parts();
  #stopListening: (() => void) | undefined;
  #closed: { readonly reason: unknown } | undefined;

  constructor(context: WatchContext) {
    this.#context = context;
  }

  get platform(): Platform {
    return this.#context.platform;
  }

  add(follower: Follower): void {
    if (this.#closed) {
      follower.aborted(this.#closed.reason);
      return;
    }
    this.#detached.delete(follower);
    this.#stopListening ??= this.platform.onWake(() => this.#wake());
    this.#groupOf(follower).add(follower);
  }

  /** Takes a watch off its streams until it is added again. */
  detach(follower: Follower): void {
    this.#detached.add(follower);
    this.#leaveGroup(follower);
  }

  remove(follower: Follower): void {
    this.#detached.delete(follower);
    this.#leaveGroup(follower);
    if (this.#detached.size > 0 || this.#groups.size > 0) return;
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  /** Ends every watch at once, and every one to come. */
  close(reason: unknown): void {
    this.#closed ??= { reason };
    for (const follower of this.#everybody()) follower.aborted(reason);
  }

  /** Watches that nothing is done for. There are none, ever: tests look after each step. */
  get adrift(): readonly Follower[] {
    return [...this.#groups.values()].flatMap((group) => group.adrift);
  }

  /** Ends those that stand somewhere: one that is to begin "from now on" loses nothing. */
  #failAll(error: EtcdError): void {
    for (const follower of this.#everybody()) {
      if ((follower.next ?? follower.subject.startRevision) !== undefined) follower.failed(error);
    }
  }

  #everybody(): readonly Follower[] {
    const members = [...this.#groups.values()].flatMap((group) => [...group.members]);
    return [...members, ...this.#detached];
  }

  #groupOf(follower: Follower): WatchGroup {
    const key = keyOf(follower);
    const present = this.#groups.get(key);
    if (present !== undefined && !present.isClosed) return present;
    const group = new WatchGroup(this.#context, this.#guard, this.#parts, follower.subject.headers);
    this.#groups.set(key, group);
    return group;
  }

  #leaveGroup(follower: Follower): void {
    const key = keyOf(follower);
    const group = this.#groups.get(key);
    group?.remove(follower);
    // Whoever hears that it was the last may have begun another.
    if (group?.size === 0 && this.#groups.get(key) === group) this.#groups.delete(key);
  }

  #wake(): void {
    for (const group of this.#groups.values()) group.wake();
  }
}

function keyOf({ subject }: Follower): string {
  return JSON.stringify(subject.headers);
}
