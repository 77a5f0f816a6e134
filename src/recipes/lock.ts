import { asyncDispose } from "../base/async-dispose.ts";
import type { Key } from "../base/bytes.ts";
import type { Compare } from "../kv/compare.ts";
import type { CallOptions } from "../transport/caller.ts";
import type { Spot } from "./ask.ts";
import { Held } from "./held.ts";
import { type Head, type Standing, stand, tryStand } from "./line.ts";
import { toHex, under, uniqueName } from "./names.ts";

/**
 * A lock, until it is unlocked or its session is over. Like every lock with a time-out it is advice: a holder that was
 * asleep may still think it has it. Writes that must not happen then are guarded by {@link HeldLock.owner}, or, outside
 * etcd, by `fencing`.
 *
 * @example
 * ```ts
 * import { type Etcd, op } from "etcd-web";
 * import type { Session } from "etcd-web/recipes";
 *
 * async function count(etcd: Etcd, session: Session): Promise<boolean> {
 *   await using lock = await session.lock("locks/counter");
 *   const count = Number((await etcd.get("counter", { signal: lock.signal }))?.text() ?? 0);
 *   const { succeeded } = await etcd.txn({ compare: [lock.owner()], success: [op.put("counter", String(count + 1))] });
 *   return succeeded;
 * }
 * ```
 */
export interface HeldLock extends AsyncDisposable {
  /** What stands for it in the store: its name, `/` and the session's lease. */
  readonly key: Uint8Array;
  /** The key's create revision, higher than that of every holder before. */
  readonly fencing: bigint;
  /**
   * Aborts when it is unlocked (reason: EtcdError "closed"), and when its session is over (the reason of the session's
   * signal). A key that somebody else deletes is not noticed: {@link HeldLock.owner} is.
   */
  readonly signal: AbortSignal;
  /** The condition for transactions that only the holder may make. */
  owner(): Compare;
  /**
   * Gives it up; its signal aborts at once. A lock that was lost or unlocked before is no error, and a key that is not
   * this holder's stays. Where the server cannot be asked it rejects, and goes on trying until the session is over.
   */
  unlock(options?: CallOptions): Promise<void>;
  /** Unlocks, as dispose does. */
  close(): Promise<void>;
}

class Lock extends Held implements HeldLock {
  unlock(options?: CallOptions): Promise<void> {
    return this.release(options);
  }

  [asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** The lock of a name. */
export async function lock(session: Standing, name: Key, options?: CallOptions): Promise<HeldLock> {
  return locked(session, ownSpot(session, name), options);
}

/** The lock of a name, if nobody has it or waits for it. */
export async function tryLock(session: Standing, name: Key, options?: CallOptions): Promise<HeldLock | undefined> {
  const spot = ownSpot(session, name);
  const head = await tryStand(session, spot, options);
  return head && toLock(session, spot, head);
}

/** A lock shared with other readers: it waits for the writers that came before. */
export async function readLock(session: Standing, name: Key, options?: CallOptions): Promise<HeldLock> {
  const key = under(name, `/read/${uniqueName(session.platform.random)}`);
  return locked(session, { key, value: noValue, ahead: { prefix: under(name, "/write/") } }, options);
}

/** A lock shared with nobody: it waits for all that came before. */
export async function writeLock(session: Standing, name: Key, options?: CallOptions): Promise<HeldLock> {
  const key = under(name, `/write/${uniqueName(session.platform.random)}`);
  return locked(session, { key, value: noValue, ahead: { prefix: under(name, "/") } }, options);
}

const noValue = new Uint8Array();

function ownSpot(session: Standing, name: Key): Spot {
  return { key: under(name, `/${toHex(session.lease.id)}`), value: noValue, ahead: { prefix: under(name, "/") } };
}

async function locked(session: Standing, spot: Spot, options: CallOptions | undefined): Promise<HeldLock> {
  return toLock(session, spot, await stand(session, spot, options));
}

function toLock(session: Standing, { key }: Spot, { place, revision }: Head): HeldLock {
  return new Lock(place, key, revision, session.signal);
}
