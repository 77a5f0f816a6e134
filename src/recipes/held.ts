import { toPrintable } from "../base/bytes.ts";
import { EtcdError } from "../base/errors.ts";
import { type LinkedSignal, linkSignals } from "../base/signals.ts";
import { type Compare, compare } from "../kv/compare.ts";
import type { CallOptions } from "../transport/caller.ts";
import type { Place } from "./place.ts";

/** A place at the head of its line: what locks and leaderships have in common. */
export class Held {
  readonly key: Uint8Array;
  readonly fencing: bigint;
  protected readonly place: Place;
  readonly #released = new AbortController();
  readonly #link: LinkedSignal;

  constructor(place: Place, key: Uint8Array, fencing: bigint, session: AbortSignal) {
    this.place = place;
    this.key = key;
    this.fencing = fencing;
    this.#link = linkSignals(session, this.#released.signal);
  }

  get signal(): AbortSignal {
    return this.#link.signal;
  }

  owner(): Compare {
    return compare.createRevision(this.key).equals(this.fencing);
  }

  close(): Promise<void> {
    return this.release();
  }

  /** As {@link release}, where it was lost or nobody gets to have it: it takes a moment at the most and never throws. */
  protected async abandon(reason: unknown): Promise<void> {
    this.#end(reason);
    await this.place.abandon();
  }

  protected async release(options?: CallOptions): Promise<void> {
    this.#end(new EtcdError("closed", `The key ${toPrintable(this.key)} was given up`));
    await this.place.leave(options);
  }

  #end(reason: unknown): void {
    this.#released.abort(reason);
    this.#link.unlink();
  }
}
