import { type Key, toBytes } from "../base/bytes.ts";
import { EtcdError, isEtcdError } from "../base/errors.ts";
import { type LeaseRef, toLeaseId } from "../base/lease-ref.ts";
import type { EtcdKeyspace } from "../client/etcd.ts";
import { insideOf } from "../client/inside.ts";
import { Lock } from "../gen/v3lockpb/lock_pb.ts";
import type { CallOptions } from "../transport/caller.ts";

/**
 * Etcd's own lock service: the server stands in line. Its locks and those of a {@link Session} exclude each other. It
 * has no session: nothing tells that a lock is lost, and one lease is one holder, who may lock twice. A session is better
 * wherever it can be had.
 *
 * @example
 * ```ts
 * import type { Etcd } from "etcd-web";
 * import { createLockService } from "etcd-web/recipes";
 *
 * async function once(etcd: Etcd, run: () => Promise<void>): Promise<void> {
 *   await using lease = await etcd.lease({ ttlSeconds: 30 });
 *   const locks = createLockService(etcd);
 *   const { key } = await locks.lock("jobs/nightly", { lease });
 *   await run();
 *   await locks.unlock(key);
 * }
 * ```
 */
export interface LockService {
  /**
   * Waits for a lock, however long: it has no time-out unless `timeoutMs` says one. Without a lease the server takes one
   * of 60 seconds, which nobody keeps alive. A signal that ends it makes the server leave the line.
   */
  lock(
    name: Key,
    options?: CallOptions & { readonly lease?: LeaseRef | undefined },
  ): Promise<{ readonly key: Uint8Array }>;
  /** Deletes the key, whoever holds it. One that is gone is no error. */
  unlock(key: Uint8Array, options?: CallOptions): Promise<void>;
}

/** Etcd's lock service. */
export function createLockService(etcd: EtcdKeyspace): LockService {
  const { caller, prefix } = insideOf(etcd);
  return {
    async lock(name, { lease, ...options } = {}) {
      const request = { name: prefix.add({ key: toBytes(name, "The name") }).key, lease: toLeaseId(lease) };
      const { key } = await onServer(caller.write(Lock.method.lock, request, { ...untimed, ...options }));
      return { key: prefix.strip(key) };
    },
    async unlock(key, options) {
      await caller.write(Lock.method.unlock, prefix.add({ key: toBytes(key, "The key") }), options);
    },
  };
}

/** For calls that wait on the server. */
export const untimed: CallOptions = { timeoutMs: Number.POSITIVE_INFINITY };

const codes = {
  "mutex: session is expired": "lease-lost",
  "election: session is expired": "lease-lost",
  "election: not leader": "lease-lost",
} as const;

/** What a service answers, its errors by the words it has for them: they have no code of their own. */
export async function onServer<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const reason = isEtcdError(error) ? error.reason : undefined;
    if (reason === undefined || !Object.hasOwn(codes, reason)) throw error;
    throw new EtcdError(codes[reason as keyof typeof codes], (error as EtcdError).message, { cause: error, reason });
  }
}
