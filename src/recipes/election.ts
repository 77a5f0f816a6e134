import { asyncDispose } from "../base/async-dispose.ts";
import { compareBytes, type Key, toBytes } from "../base/bytes.ts";
import type { KeyValue } from "../base/key-value.ts";
import type { Compare } from "../kv/compare.ts";
import { op } from "../kv/op.ts";
import type { CallOptions } from "../transport/caller.ts";
import type { Spot } from "./ask.ts";
import { Held } from "./held.ts";
import { latest } from "./latest.ts";
import { type Standing, stand } from "./line.ts";
import { toHex, under } from "./names.ts";
import { observe, readLead } from "./observe.ts";
import type { Place } from "./place.ts";

/**
 * An election: of the sessions that campaign one leads, in the order in which they came.
 *
 * @example
 * ```ts
 * import type { Session } from "etcd-web/recipes";
 *
 * async function lead(session: Session, address: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
 *   await using leadership = await session.election("leader").campaign(address);
 *   await work(leadership.signal);
 * }
 * ```
 */
export interface Election {
  /**
   * Waits to be the leader. As with a lock, `timeoutMs` is for all of the waiting (default: none), and campaigns of one
   * session wait for each other.
   */
  campaign(value: Key, options?: CallOptions): Promise<Leadership>;
  /** The leader's key with the value it proclaimed, or undefined. */
  leader(options?: CallOptions): Promise<KeyValue | undefined>;
  /**
   * The leader now, and then whenever leader or value change; undefined: there is none. Each read gives the newest, and
   * may skip others. It goes on through reconnects and compactions, ends with `break`, and rejects with the reason of
   * its signal.
   */
  observe(options?: CallOptions): AsyncIterable<KeyValue | undefined>;
}

/** Being the leader, until it resigns or its session is over. */
export interface Leadership extends AsyncDisposable {
  /** What stands for it in the store: the election's name, `/` and the session's lease. */
  readonly key: Uint8Array;
  /** The key's create revision, higher than that of every leader before. */
  readonly fencing: bigint;
  /** Aborts when it resigns (reason: EtcdError "closed"), when its session is over, and when a proclamation finds it lost. */
  readonly signal: AbortSignal;
  /** The condition for transactions that only the leader may make. */
  owner(): Compare;
  /** Changes the value. No longer the leader: EtcdError "lease-lost", or "closed" if it has resigned. */
  proclaim(value: Key, options?: CallOptions): Promise<void>;
  /** Gives it up, as {@link HeldLock.unlock} does. */
  resign(options?: CallOptions): Promise<void>;
  /** Resigns, as dispose does. */
  close(): Promise<void>;
}

/** The election of a name. */
export function createElection(session: Standing, name: Key): Election {
  const { etcd, lease } = session;
  const key = under(name, `/${toHex(lease.id)}`);
  const candidates = { prefix: under(name, "/") };

  return {
    async campaign(value, options) {
      const spot: Spot = { key, value: toBytes(value, "The value"), ahead: candidates };
      const { place, revision, found } = await stand(session, spot, options);
      const leadership = new Leading(session, place, key, revision);
      if (found !== undefined && compareBytes(found, spot.value) !== 0) await leadership.proclaimFirst(value, options);
      return leadership;
    },
    leader: async (options) => (await readLead(etcd, candidates, options)).leader,
    observe: (options = {}) =>
      latest(options.signal, (tell, signal) => observe(session, candidates, tell, { ...options, signal })),
  };
}

class Leading extends Held implements Leadership {
  readonly #session: Standing;

  constructor(session: Standing, place: Place, key: Uint8Array, revision: bigint) {
    super(place, key, revision, session.signal);
    this.#session = session;
  }

  async proclaim(value: Key, options?: CallOptions): Promise<void> {
    const { etcd, lease } = this.#session;
    if (this.signal.aborted) throw this.signal.reason;
    const success = [op.put(this.key, value, { lease })];
    const { succeeded } = await etcd.txn({ compare: [this.owner()], success }, options);
    if (succeeded) return;
    const lost = this.place.lost();
    await this.abandon(lost);
    throw lost;
  }

  /** As proclaim, before anybody has it: where it fails, nobody will. */
  async proclaimFirst(value: Key, options?: CallOptions): Promise<void> {
    try {
      await this.proclaim(value, options);
    } catch (error) {
      await this.abandon(error);
      throw error;
    }
  }

  resign(options?: CallOptions): Promise<void> {
    return this.release(options);
  }

  [asyncDispose](): Promise<void> {
    return this.close();
  }
}
