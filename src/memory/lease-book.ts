import { errors } from "./errors.ts";
import { ExpiryQueue } from "./expiry-queue.ts";

/** One granted lease. */
export interface Lease {
  readonly id: bigint;
  /** What was granted, in seconds. */
  readonly ttl: bigint;
  /** When it runs out, in the clock's milliseconds. */
  expiresAt: number;
  /** The keys that go with it, by name. */
  readonly keys: Set<string>;
}

// 1.5 election time-outs of etcd's defaults, rounded up to seconds.
const minTtl = 2n;
const maxTtl = 9_000_000_000n;
/** Revoked leases that the queue may hold, or as many as there are leases: so that a revocation costs next to nothing. */
const mostGone = 64;

/** All leases and what is attached to them. Time comes in as a number: no clock in here. */
export class LeaseBook {
  readonly #leases = new Map<bigint, Lease>();
  readonly #expiries: ExpiryQueue<Lease>;

  constructor(expiries: ExpiryQueue<Lease> = new ExpiryQueue()) {
    this.#expiries = expiries;
  }

  get size(): number {
    return this.#leases.size;
  }

  /** When to look for expired leases next; undefined while there is no lease. */
  get nextExpiry(): number | undefined {
    return this.#leases.size === 0 ? undefined : this.#expiries.first;
  }

  /** The lease, expired or not: it is there until it is revoked. */
  get(id: bigint): Lease | undefined {
    return this.#leases.get(id);
  }

  /** Every lease, the one that expires first first. */
  all(): Lease[] {
    return [...this.#leases.values()].sort((a, b) => a.expiresAt - b.expiresAt);
  }

  grant(id: bigint, ttl: bigint, now: number): Lease {
    if (ttl > maxTtl) throw errors.leaseTtlTooLarge();
    if (this.#leases.has(id)) throw errors.leaseExists();
    const granted = ttl < minTtl ? minTtl : ttl;
    const lease = { id, ttl: granted, expiresAt: now + milliseconds(granted), keys: new Set<string>() };
    this.#leases.set(id, lease);
    this.#expiries.add(lease.expiresAt, lease);
    return lease;
  }

  /** Starts the lease's time anew; undefined where there is no such lease. */
  renew(id: bigint, now: number): Lease | undefined {
    const lease = this.#leases.get(id);
    if (lease === undefined) return undefined;
    lease.expiresAt = now + milliseconds(lease.ttl);
    return lease;
  }

  /** Forgets the lease. Its keys are the caller's to delete. */
  remove(id: bigint): void {
    this.#leases.delete(id);
    const gone = this.#expiries.length - this.#leases.size;
    if (this.#leases.size === 0 || gone > Math.max(this.#leases.size, mostGone)) this.#forgetGone();
  }

  /** Leases whose time is up, in that order. */
  expired(now: number): Lease[] {
    const expired: Lease[] = [];
    for (let lease = this.#expiries.takeDue(now); lease !== undefined; lease = this.#expiries.takeDue(now)) {
      if (this.#leases.get(lease.id) !== lease) continue;
      if (lease.expiresAt <= now) expired.push(lease);
      else this.#expiries.add(lease.expiresAt, lease);
    }
    return expired;
  }

  /** A key left one lease (0: none) for another. */
  move(name: string, from: bigint, to: bigint): void {
    this.#leases.get(from)?.keys.delete(name);
    this.#leases.get(to)?.keys.add(name);
  }

  /** What was revoked would stay in the queue until it would have run out: hours, with sessions that come and go. */
  #forgetGone(): void {
    this.#expiries.clear();
    for (const lease of this.#leases.values()) this.#expiries.add(lease.expiresAt, lease);
  }
}

function milliseconds(ttl: bigint): number {
  return Number(ttl) * 1000;
}
