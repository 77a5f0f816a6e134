import { type Clock, longestTimerMs } from "../platform/clock.ts";
import type { Lease, LeaseBook } from "./lease-book.ts";

/** One timer for the lease that expires next; none while there is no lease. */
export class ExpiryTimer {
  readonly #clock: Clock;
  readonly #leases: LeaseBook;
  readonly #revoke: (lease: Lease) => void;
  #at: number | undefined;
  #cancel: () => void = () => {};
  #stopped = false;

  constructor(clock: Clock, leases: LeaseBook, revoke: (lease: Lease) => void) {
    this.#clock = clock;
    this.#leases = leases;
    this.#revoke = revoke;
  }

  /** To be called when a lease has come or gone. */
  update(): void {
    const next = this.#stopped ? undefined : this.#leases.nextExpiry;
    if (next === this.#at) return;
    this.#cancel();
    this.#cancel = () => {};
    this.#at = next;
    if (next === undefined) return;
    const delay = Math.min(Math.max(0, Math.ceil(next - this.#clock.now())), longestTimerMs);
    this.#cancel = this.#clock.setTimeout(() => this.run(), delay);
  }

  /** Revokes what has expired by now. */
  run(): void {
    for (const lease of this.#leases.expired(this.#clock.now())) this.#revoke(lease);
    this.#cancel();
    this.#at = undefined;
    this.update();
  }

  stop(): void {
    this.#stopped = true;
    this.update();
  }
}
