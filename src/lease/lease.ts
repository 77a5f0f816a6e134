import type { CallOptions } from "../transport/caller.ts";

/** What `lease()` takes; `signal` and `timeoutMs` cover the grant only. */
export interface LeaseOptions extends CallOptions {
  /** Seconds without a sign of life after which it ends; the server raises what is below its minimum (2 by default). */
  readonly ttlSeconds: number;
  /** An id of your own. Default: the server chooses. */
  readonly id?: bigint | number | undefined;
  /** Default true: kept alive until disposed. */
  readonly keepAlive?: boolean | undefined;
}

/** What `leases.attach()` takes. */
export interface AttachOptions {
  /** Default true: kept alive, from now on, until disposed. */
  readonly keepAlive?: boolean | undefined;
}

/** What the server knows of a lease. */
export interface TimeToLive {
  /** Seconds left; -1: there is no such lease. */
  readonly ttlSeconds: number;
  /** Seconds that each keep-alive gives. */
  readonly grantedTtlSeconds: number;
  /** The keys attached, where asked for. */
  readonly keys: readonly Uint8Array[];
}

/**
 * A lease: the keys attached to it vanish when it ends.
 *
 * @example
 * ```ts
 * import type { Etcd } from "etcd-web";
 *
 * async function serve(etcd: Etcd, address: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
 *   await using lease = await etcd.lease({ ttlSeconds: 30 });
 *   await etcd.put(`services/${address}`, address, { lease });
 *   await work(lease.signal);
 * }
 * ```
 */
export interface Lease extends AsyncDisposable {
  /** What etcd knows it by. */
  readonly id: bigint;
  /** As granted: it may be more than was asked for. Of an attached lease 0, until the server's first answer tells it. */
  readonly ttlSeconds: number;
  /**
   * Aborts when the lease is over, by our clock or the server's word (reason: EtcdError "lease-lost"), and when it is
   * revoked or the client closed (EtcdError "closed"). Our clock counts from when the last keep-alive that was answered
   * had been sent, so that it is never later than the server's; sleep of the machine counts.
   */
  readonly signal: AbortSignal;
  /** Asks the server. It may be that it has none any more, which is no error: `ttlSeconds` is -1 then. */
  timeToLive(options?: CallOptions & { readonly keys?: boolean | undefined }): Promise<TimeToLive>;
  /** One sign of life; gives the seconds it has then. A lease that is over: EtcdError "lease-lost". */
  keepAliveOnce(options?: CallOptions): Promise<number>;
  /** Stops the signs of life: it ends by itself when its time is up. */
  release(): void;
  /** Ends it now, and deletes the keys attached. A lease that is over already is no error. */
  revoke(options?: CallOptions): Promise<void>;
  /** Revokes, as dispose does. */
  close(): Promise<void>;
}

/** Leases that are known from elsewhere, by their ids. */
export interface Leases {
  /**
   * A lease that was granted elsewhere. Throws "invalid-argument" for an id that cannot be; whether there is such a
   * lease, its first keep-alive tells: `signal` aborts if not. How long it lives is known, and our clock for it starts,
   * with the first answer to a keep-alive or to `timeToLive()`; until then only the server can say that it is over.
   * Closing or disposing of it revokes it, as with any lease: `release()` it where it goes on elsewhere.
   *
   * @example
   * ```ts
   * import type { Etcd } from "etcd-web";
   *
   * async function minutesLeft(etcd: Etcd, id: bigint): Promise<number> {
   *   const lease = etcd.leases.attach(id, { keepAlive: false });
   *   const { ttlSeconds } = await lease.timeToLive();
   *   return ttlSeconds / 60;
   * }
   * ```
   */
  attach(id: bigint | number, options?: AttachOptions): Lease;
  /** The ids of all leases, as the member asked knows them. A server too old for it: EtcdError "unimplemented". */
  list(options?: CallOptions): Promise<readonly bigint[]>;
}

/** What a keyspace has of leases. */
export interface LeaseKeyspace {
  /** A lease, kept alive until disposed unless told not to. See {@link Lease}. */
  lease(options: LeaseOptions): Promise<Lease>;
  /** Leases by their ids. See {@link Leases}. */
  readonly leases: Leases;
}
