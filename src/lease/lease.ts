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
  readonly id: bigint;
  /** As granted: it may be more than was asked for. */
  readonly ttlSeconds: number;
  /**
   * Aborts when the lease is over, by our clock or the server's word (reason: EtcdError "lease-lost"), and when it is
   * revoked or the client closed (EtcdError "closed").
   */
  readonly signal: AbortSignal;
  /** Asks the server. */
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
