import { toPrintable } from "../base/bytes.ts";
import { EtcdError, isEtcdError } from "../base/errors.ts";
import { untilAborted } from "../base/signals.ts";
import { compare } from "../kv/compare.ts";
import { op } from "../kv/op.ts";
import { sleep } from "../platform/platform.ts";
import type { CallOptions } from "../transport/caller.ts";
import { type Asking, ask, callMs, type Ground, type Joined, type Spot } from "./ask.ts";
import { firstEvent } from "./changes.ts";
import type { Part } from "./limit.ts";
import { pause, persistently } from "./persist.ts";
import { together } from "./together.ts";

/** How long somebody who gives up waits to see the key gone. */
const farewellMs = 1_000;

/**
 * A key in a line, from when it is asked for until it is gone. To ask is safe to repeat: the key is the lease's own. So
 * no signal cuts it short: who gives up meanwhile leaves once it is known what came of it, and no key stays behind.
 */
export class Place {
  readonly #ground: Ground;
  readonly #spot: Spot;
  readonly #joining: Promise<Joined | undefined>;
  readonly #onGone: () => void;
  /** An answer was lost: the key may be there, whatever was heard since. */
  #unsure = false;
  #gone = false;
  #leaving = false;

  /** `onGone` is called once, when the key is. */
  constructor(ground: Ground, spot: Spot, onGone: () => void, options: Asking) {
    this.#ground = ground;
    this.#spot = spot;
    this.#onGone = onGone;
    ground.lease.signal.addEventListener("abort", this.#end);
    this.#joining = this.#join(options);
    this.#joining.catch(() => {}); // told to who waits for it
  }

  /** What came of it; undefined: somebody is there, and it was to be only if nobody is. */
  async joined(signal: AbortSignal): Promise<Joined | undefined> {
    return untilAborted(this.#joining, signal);
  }

  /** Resolves when nobody is ahead and the key is still there. Who stands right ahead is all that is watched. */
  async untilFirst(own: bigint, part: Part): Promise<void> {
    const { etcd, platform } = this.#ground;
    const { key, ahead } = this.#spot;
    const before = op.range(ahead, {
      limit: 1,
      sort: { by: "createRevision", order: "descending" },
      maxCreateRevision: own - 1n,
      keysOnly: true,
    });
    for (;;) {
      const { results, revision } = await persistently(platform, part.signal, () =>
        together(etcd, [before, op.get(key)], part),
      );
      if (results[1]?.createRevision !== own) throw this.lost();
      const next = results[0].kvs[0];
      if (next === undefined) return;
      await firstEvent(etcd, next.key, { ...part, startRevision: revision + 1n, only: "delete" });
    }
  }

  /** Takes the key away. Where that fails it throws, and goes on trying for as long as the lease lives. */
  async leave(options: CallOptions = {}): Promise<void> {
    try {
      await this.#delete(options);
    } catch (error) {
      if (this.#ground.lease.signal.aborted) return this.#end();
      this.#keepLeaving();
      throw error;
    }
  }

  /** As {@link leave}, for who gives up: it takes a moment at the most and never throws. */
  async abandon(): Promise<void> {
    const left = new AbortController();
    this.leave({ timeoutMs: callMs })
      .catch(() => {}) // it goes on trying
      .finally(() => left.abort());
    const { lease, platform } = this.#ground;
    if (!lease.signal.aborted) await sleep(platform, farewellMs, left.signal);
  }

  /** The error of a place that is no more. */
  lost(): EtcdError {
    return new EtcdError("lease-lost", `The key ${toPrintable(this.#spot.key)} is gone: its place in the line is lost`);
  }

  async #join(options: Asking): Promise<Joined | undefined> {
    const { lease, platform } = this.#ground;
    for (let failures = 1; ; failures++) {
      try {
        return await ask(this.#ground, this.#spot, options);
      } catch (error) {
        if (isEtcdError(error, "lease-not-found")) throw leaseGone(lease.id, error);
        if (!isEtcdError(error)) throw error;
        this.#unsure ||= error.mayHaveRun;
        const mayPass = error.mayHaveRun || (this.#unsure && error.retryable);
        if (!mayPass || lease.signal.aborted) throw error;
        await pause(platform, failures, lease.signal);
      }
    }
  }

  async #delete(options: CallOptions): Promise<void> {
    const { etcd, lease } = this.#ground;
    const joined = await this.#joining.catch(() => undefined);
    if ((joined !== undefined || this.#unsure) && !this.#gone && !lease.signal.aborted) {
      const { key } = this.#spot;
      const own = joined ? compare.createRevision(key).equals(joined.revision) : compare.lease(key).equals(lease);
      await etcd.txn({ compare: [own], success: [op.delete(key)] }, options);
    }
    this.#end();
  }

  #keepLeaving(): void {
    if (this.#leaving) return;
    this.#leaving = true;
    void this.#leaveAtLast();
  }

  async #leaveAtLast(): Promise<void> {
    const { lease, platform } = this.#ground;
    for (let failures = 1; !this.#gone && !lease.signal.aborted; failures++) {
      await pause(platform, failures, lease.signal);
      await this.#delete({ timeoutMs: callMs }).catch(() => {}); // the next try, or the lease's end
    }
    this.#end();
  }

  readonly #end = (): void => {
    if (this.#gone) return;
    this.#gone = true;
    this.#ground.lease.signal.removeEventListener("abort", this.#end);
    this.#onGone();
  };
}

function leaseGone(id: bigint, cause: EtcdError): EtcdError {
  return new EtcdError("lease-lost", `Lease ${id}: it has expired or was revoked`, { cause });
}
