import { compareBytes, type Key, toPrintable } from "../base/bytes.ts";
import { EtcdError } from "../base/errors.ts";
import type { KeyValue } from "../base/key-value.ts";
import { compare } from "../kv/compare.ts";
import { op } from "../kv/op.ts";
import type { CallOptions } from "../transport/caller.ts";
import type { Spot } from "./ask.ts";
import { firstEvent } from "./changes.ts";
import { limited, type Part } from "./limit.ts";
import { enter, orAbandon, type Standing, termsOf } from "./line.ts";
import { under, uniqueName } from "./names.ts";
import { persistently } from "./persist.ts";
import type { Place } from "./place.ts";
import { type Session, standingOf } from "./session.ts";
import { together } from "./together.ts";

/**
 * A double barrier: `count` participants begin together and end together. It is Go's; who has entered and loses its
 * session counts as having left.
 *
 * @example
 * ```ts
 * import { createDoubleBarrier, type Session } from "etcd-web/recipes";
 *
 * async function measure(session: Session, run: () => Promise<void>): Promise<void> {
 *   const together = createDoubleBarrier(session, "benchmarks/1", 3);
 *   await together.enter();
 *   await run();
 *   await together.leave();
 * }
 * ```
 */
export interface DoubleBarrier {
  /**
   * Waits until as many as are needed have entered. There are that many already: EtcdError "failed-precondition".
   * `timeoutMs`: default none; one that gives up leaves nothing behind.
   */
  enter(options?: CallOptions): Promise<void>;
  /** Waits until all have left. Not entered: EtcdError "failed-precondition". */
  leave(options?: CallOptions): Promise<void>;
}

/** Somebody who is inside. */
interface Inside {
  readonly place: Place;
  readonly key: Uint8Array;
  /** That let them all in. Who came later belongs to another round. */
  readonly revision: bigint;
}

/** One participant of the double barrier of a name. */
export function createDoubleBarrier(session: Session, name: Key, count: number): DoubleBarrier {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new EtcdError("invalid-argument", `count must be a whole number from 1 on, not ${count}`);
  }
  return new Participant(standingOf(session), name, count);
}

class Participant implements DoubleBarrier {
  readonly #session: Standing;
  readonly #name: Key;
  readonly #count: number;
  readonly #waiters: { readonly prefix: Uint8Array };
  readonly #ready: Uint8Array;
  #inside: Inside | undefined;

  constructor(session: Standing, name: Key, count: number) {
    this.#session = session;
    this.#name = name;
    this.#count = count;
    this.#waiters = { prefix: under(name, "/waiters/") };
    this.#ready = under(name, "/ready");
  }

  async enter(options?: CallOptions): Promise<void> {
    if (this.#inside !== undefined) throw new EtcdError("failed-precondition", "Entered already: leave first");
    const session = this.#session;
    const key = under(this.#name, `/waiters/${uniqueName(session.platform.random)}`);
    const spot: Spot = { key, value: new Uint8Array(), ahead: this.#waiters };
    await limited(termsOf(session, spot), options, async (part) => {
      if ((await session.etcd.count(this.#waiters, part)) >= this.#count) throw this.#tooMany();
      const endTurn = await session.turns.take(session.nameOf(key), part.signal);
      await orAbandon(enter(session, spot, endTurn, part), async (place) => {
        const joined = await place.joined(part.signal);
        if (joined === undefined) throw place.lost();
        this.#inside = { place, key, revision: await this.#untilReady(place, joined.revision, part) };
      });
    });
  }

  async leave(options?: CallOptions): Promise<void> {
    const inside = this.#inside;
    if (inside === undefined) throw new EtcdError("failed-precondition", "Not entered: there is nothing to leave");
    const { platform, signal } = this.#session;
    await limited({ platform, what: "Leaving a double barrier", standsOn: signal }, options, (part) =>
      this.#untilAllLeft(inside, part),
    );
    this.#inside = undefined;
  }

  /** The revision at which all are in. Who completes the number says so. */
  async #untilReady(place: Place, own: bigint, part: Part): Promise<bigint> {
    const { etcd, platform } = this.#session;
    for (;;) {
      const first = op.range(this.#waiters, { limit: this.#count, sort: { by: "createRevision" }, keysOnly: true });
      const { results, revision } = await persistently(platform, part.signal, () =>
        together(etcd, [first, op.get(this.#ready)], part),
      );
      const [{ kvs }, ready] = results;
      if (ready !== undefined && ready.modRevision > own) return ready.modRevision;
      const last = kvs[this.#count - 1];
      if (last !== undefined && last.createRevision < own) throw this.#tooMany();
      if (!kvs.some((kv) => kv.createRevision === own)) throw place.lost();
      if (last?.createRevision === own) {
        return (await persistently(platform, part.signal, () => etcd.put(this.#ready, "", part))).revision;
      }
      const event = await firstEvent(etcd, this.#ready, { ...part, startRevision: revision + 1n, only: "put" });
      if (event !== undefined) return event.kv.modRevision;
    }
  }

  /** The first waits for the last, all others for the first: so each departure wakes one. */
  async #untilAllLeft({ place, key, revision: ready }: Inside, part: Part): Promise<void> {
    const { etcd, platform } = this.#session;
    const round = op.range(this.#waiters, { maxCreateRevision: ready, sort: { by: "createRevision" }, keysOnly: true });
    for (;;) {
      const { results, revision } = await persistently(platform, part.signal, () =>
        together(etcd, [round, op.get(this.#ready)], part),
      );
      const [{ kvs }, open] = results;
      const [first, last] = [kvs[0], kvs.at(-1)];
      if (first === undefined || last === undefined) {
        // Who was to close up has lost its session.
        if (open?.modRevision === ready) await this.#closeUp(place, ready, part);
        return;
      }
      const isFirst = compareBytes(first.key, key) === 0;
      if (isFirst && last === first) return this.#closeUp(place, ready, part);
      if (!isFirst) await place.leave(part);
      await this.#gone(isFirst ? last : first, revision, part);
    }
  }

  async #closeUp(place: Place, ready: bigint, part: Part): Promise<void> {
    const still = compare.modRevision(this.#ready).equals(ready);
    await this.#session.etcd.txn({ compare: [still], success: [op.delete(this.#ready)] }, part);
    await place.leave(part);
  }

  async #gone({ key }: KeyValue, revision: bigint, part: Part): Promise<void> {
    await firstEvent(this.#session.etcd, key, { ...part, startRevision: revision + 1n, only: "delete" });
  }

  #tooMany(): EtcdError {
    const text = `${toPrintable(under(this.#name, ""))}: ${this.#count} have entered already`;
    return new EtcdError("failed-precondition", text);
  }
}
