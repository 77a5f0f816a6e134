import { asyncDispose } from "../base/async-dispose.ts";
import { type Key, toPrintable } from "../base/bytes.ts";
import { EtcdError } from "../base/errors.ts";
import { linkSignals } from "../base/signals.ts";
import type { EtcdKeyspace } from "../client/etcd.ts";
import { insideOf } from "../client/inside.ts";
import type { Lease } from "../lease/lease.ts";
import type { Caller, CallOptions } from "../transport/caller.ts";
import { createElection, type Election } from "./election.ts";
import type { Standing } from "./line.ts";
import { type HeldLock, lock, readLock, tryLock, writeLock } from "./lock.ts";
import type { Place } from "./place.ts";
import { Turns } from "./turns.ts";

/** What a session takes; `signal`, `timeoutMs` and `headers` are for granting its lease. */
export interface SessionOptions extends CallOptions {
  /** Seconds without a sign of life after which it is over. Default 60. */
  readonly ttlSeconds?: number | undefined;
  /** A lease you have, also by `leases.attach`, which stays when the session is closed. Default: one that goes with it. */
  readonly lease?: Lease | undefined;
}

/**
 * A lease, and what is held by it: locks, leaderships, places in lines. It lives while its program does and for
 * `ttlSeconds` after; then all of it goes. The keys are those of Go's `concurrency` and of `etcdctl lock` and `elect`,
 * so that all of them contend for the same names.
 *
 * Two callers of one session that want the same name wait for each other, as two sessions do; so do those of a client's
 * sessions on one lease. (Go lets both have it: on the server they are one.) The line of a name is every key beneath it:
 * `jobs` and `jobs/nightly` get in each other's way.
 *
 * @example
 * ```ts
 * import { createEtcd } from "etcd-web";
 * import { createSession } from "etcd-web/recipes";
 *
 * await using etcd = createEtcd({ endpoints: "https://etcd.example.com" });
 * await using session = await createSession(etcd, { ttlSeconds: 30 });
 * await using lock = await session.lock("jobs/nightly", { timeoutMs: 60_000 });
 * console.log("ours until", lock.signal, "fenced by", lock.fencing);
 * ```
 */
export interface Session extends AsyncDisposable {
  /** What it lives by. */
  readonly lease: Lease;
  /** Aborts when it is over: closed (reason: EtcdError "closed"), or its lease lost (EtcdError "lease-lost"). */
  readonly signal: AbortSignal;
  /**
   * Waits for a lock. `timeoutMs` is for all of the waiting (default: none). Whoever waits is rejected at once when the
   * session is over; one that gives up leaves nothing behind.
   */
  lock(name: Key, options?: CallOptions): Promise<HeldLock>;
  /** A lock if it is free, else undefined: then it did not as much as stand in line. */
  tryLock(name: Key, options?: CallOptions): Promise<HeldLock | undefined>;
  /** Waits for a lock that only writers exclude. One session may have several of a name. */
  readLock(name: Key, options?: CallOptions): Promise<HeldLock>;
  /** Waits for a lock that excludes everybody, the session's own other locks of the name too. */
  writeLock(name: Key, options?: CallOptions): Promise<HeldLock>;
  /** The election of a name. */
  election(name: Key): Election;
  /** Ends it: its signal aborts, and its keys go. */
  close(): Promise<void>;
}

/** A session: on a lease of its own, kept alive until it is closed, unless one is given. */
export async function createSession(etcd: EtcdKeyspace, options: SessionOptions = {}): Promise<Session> {
  const { caller, platform, prefix } = insideOf(etcd);
  const { ttlSeconds = 60, lease: given, ...call } = options;
  const lease = given ?? (await etcd.lease({ ...call, ttlSeconds }));
  if (lease.signal.aborted) throw lease.signal.reason;
  const closing = new AbortController();
  const { signal, unlink } = linkSignals(lease.signal, closing.signal);
  const standing: Standing = {
    etcd,
    platform,
    lease,
    signal,
    turns: turnsOf(caller),
    nameOf: (key) => `${lease.id} ${toPrintable(prefix.add({ key }).key)}`,
    places: new Set<Place>(),
  };

  async function close(): Promise<void> {
    closing.abort(new EtcdError("closed", "The session is closed"));
    unlink();
    if (given === undefined) await lease.close();
    else await Promise.all(Array.from(standing.places, (place) => place.leave()));
  }

  const session: Session = {
    lease,
    signal,
    lock: (name, call) => lock(standing, name, call),
    tryLock: (name, call) => tryLock(standing, name, call),
    readLock: (name, call) => readLock(standing, name, call),
    writeLock: (name, call) => writeLock(standing, name, call),
    election: (name) => createElection(standing, name),
    close,
    [asyncDispose]: close,
  };
  grounds.set(session, standing);
  return session;
}

/** By client: on the server, two sessions on one lease are the same one, and each may have its own object for it. */
const turns = new WeakMap<Caller, Turns>();

function turnsOf(caller: Caller): Turns {
  const found = turns.get(caller) ?? new Turns();
  turns.set(caller, found);
  return found;
}

const grounds = new WeakMap<Session, Standing>();

/** What recipes need of a session, and its users do not see; "invalid-argument" where `createSession` did not make it. */
export function standingOf(session: Session): Standing {
  const found = grounds.get(session);
  if (found !== undefined) return found;
  throw new EtcdError("invalid-argument", "This takes a session made by createSession");
}
