import type { EtcdError } from "../base/errors.ts";
import { keepAlive } from "./keep-alive.ts";
import { LeaseKeeper } from "./keeper.ts";
import type { LeaseContext } from "./lease-context.ts";
import { inOrder, SharedCall } from "./shared-call.ts";
import { departures, nextLookAt } from "./timetable.ts";

/** A follower asks the leader for each, one after the other: a call of these takes 70 ms on a quick network. */
const mostPerCall = 250;

/** Calls that have said nothing yet, beside the next one: a page has only six connections. */
const mostSilent = 2;

/** The leases of one client: one timer for all of them, and signs of life that share calls. */
export class KeepAlives {
  readonly #context: LeaseContext;
  readonly #leases = new Set<LeaseKeeper>();
  /** The calls under way, in the order in which they were made. */
  readonly #calls = new Set<SharedCall>();
  #lookAt = Number.POSITIVE_INFINITY;
  #cancel: () => void = () => {};
  #stopListening: (() => void) | undefined;

  constructor(context: LeaseContext) {
    this.#context = context;
    context.closed.addEventListener("abort", () => this.#close(), { once: true });
  }

  /** Takes a lease in: one that was granted, or one of which no more is known than its id. */
  add(id: bigint, kept: boolean, grant?: { readonly sentAt: number; readonly ttlSeconds: number }): LeaseKeeper {
    const { platform, closed } = this.#context;
    const changed = (keeper: LeaseKeeper): void => this.#changed(keeper);
    const keeper = new LeaseKeeper({ now: () => platform.now(), changed }, id, kept);
    this.#stopListening ??= platform.onWake(() => this.#look(true));
    this.#leases.add(keeper);
    if (closed.aborted) keeper.end(closed.reason);
    else if (grant === undefined) changed(keeper);
    else keeper.told(grant.sentAt, grant.ttlSeconds);
    return keeper;
  }

  /** Says which leases are over before anything else is done, then sends what is due. */
  #look(woke: boolean): void {
    const now = this.#context.platform.now();
    for (const keeper of this.#leases) keeper.check(now);
    const going = departures(this.#leases, now, woke);
    this.#blame(going);
    if (going.length > 0) this.#makeRoom();
    const all = inOrder(going);
    for (let i = 0; i < all.length; i += mostPerCall) void this.#send(all.slice(i, i + mostPerCall), now);
    this.#arm(nextLookAt(this.#leases));
  }

  /** Calls that have not answered in time hang; one that has not answered at all may have met a dead endpoint. */
  #blame(going: readonly LeaseKeeper[]): void {
    const hung = new Set(going.flatMap((keeper) => (keeper.call?.keepsWaiting(keeper) ? [keeper.call] : [])));
    for (const call of hung) {
      call.blame();
      if (call.silent) call.endpoint.failed();
    }
  }

  #makeRoom(): void {
    const silent = [...this.#calls].filter((call) => call.silent);
    for (const call of silent.slice(0, -mostSilent)) call.giveUp();
  }

  async #send(keepers: readonly LeaseKeeper[], now: number): Promise<void> {
    const call = new SharedCall(keepers, now, this.#context.chooseEndpoint());
    this.#calls.add(call);
    for (const keeper of keepers) keeper.sent(now, call);
    try {
      await keepAlive(this.#context, call.ids, call, (id, ttlSeconds) => call.answer(id, ttlSeconds));
      call.end();
    } catch (error) {
      call.end(error as EtcdError); // nothing else is thrown there
    }
    this.#calls.delete(call);
    // Here as well as from the timer: in a hidden page a timer that a timer has set may wait a minute.
    this.#look(false);
  }

  #changed(keeper: LeaseKeeper): void {
    if (keeper.isOver) this.#leases.delete(keeper);
    if (this.#leases.size === 0) this.#rest();
    else if (!keeper.isOver) this.#arm(Math.min(this.#lookAt, nextLookAt([keeper])));
  }

  #arm(at: number): void {
    this.#cancel();
    this.#lookAt = at;
    this.#cancel =
      at === Number.POSITIVE_INFINITY
        ? () => {}
        : this.#context.platform.setTimeout(() => this.#look(false), Math.max(0, at - this.#context.platform.now()));
  }

  #rest(): void {
    this.#arm(Number.POSITIVE_INFINITY);
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  #close(): void {
    for (const keeper of this.#leases) keeper.end(this.#context.closed.reason);
  }
}
