import type { EtcdError } from "../base/errors.ts";
import type { Endpoint } from "../transport/endpoints.ts";
import { unanswered } from "./keep-alive.ts";
import type { LeaseKeeper } from "./keeper.ts";

/** One call with the signs of life of several leases: what it answers or fails is each lease's own affair. */
export class SharedCall {
  readonly sentAt: number;
  /** Where it goes. */
  readonly endpoint: Pick<Endpoint, "failed">;
  readonly #byId = new Map<bigint, LeaseKeeper[]>();
  readonly #aboard: Set<LeaseKeeper>;
  readonly #waiting: Set<LeaseKeeper>;
  readonly #deserted = new AbortController();
  /** Whether nothing has come yet. */
  silent = true;

  constructor(keepers: readonly LeaseKeeper[], sentAt: number, endpoint: Pick<Endpoint, "failed">) {
    this.sentAt = sentAt;
    this.endpoint = endpoint;
    this.#aboard = new Set(keepers);
    this.#waiting = new Set(keepers);
    for (const keeper of keepers) this.#byId.set(keeper.id, [...(this.#byId.get(keeper.id) ?? []), keeper]);
  }

  /** Each once, in the order of the keepers. */
  get ids(): readonly bigint[] {
    return [...this.#byId.keys()];
  }

  /** Aborts when no lease is left that could need the call. */
  get signal(): AbortSignal {
    return this.#deserted.signal;
  }

  /** An answer: of one lease, however many hold it here. */
  answer(id: bigint, ttlSeconds: number): void {
    this.silent = false;
    for (const keeper of this.#byId.get(id) ?? []) {
      if (this.#waiting.delete(keeper)) keeper.told(this.sentAt, ttlSeconds);
    }
  }

  /** It is over: by an error, or well; who has no answer then has failed. */
  end(error?: EtcdError): void {
    this.blame();
    for (const keeper of this.#waiting) keeper.failed(error ?? unanswered(keeper.id), this);
    this.#waiting.clear();
    this.#aboard.clear();
  }

  /** What hangs or breaks may do so for the first lease without an answer: others go before it from now on. */
  blame(): void {
    const [first] = this.#waiting;
    if (first) first.suspect = true;
  }

  /** This lease waits no longer. */
  leave(keeper: LeaseKeeper): void {
    this.#waiting.delete(keeper);
    if (this.#aboard.delete(keeper) && this.#aboard.size === 0) this.#deserted.abort();
  }

  /** Nobody waits any longer. */
  giveUp(): void {
    for (const keeper of [...this.#aboard]) this.leave(keeper);
  }

  /** Whether this lease has no answer from it. */
  keepsWaiting(keeper: LeaseKeeper): boolean {
    return this.#waiting.has(keeper);
  }
}

/**
 * Leases in the order of a call: etcd answers in that order. What has waited longest goes first; one that etcd cannot
 * answer holds up nobody else.
 */
export function inOrder(keepers: readonly LeaseKeeper[]): readonly LeaseKeeper[] {
  return keepers.toSorted((a, b) => Number(a.suspect) - Number(b.suspect) || a.beat.aliveAt - b.beat.aliveAt);
}
