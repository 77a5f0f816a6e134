import { EtcdError } from "../base/errors.ts";
import { answered, type Beat, failed, overAt, sent, underWay, unknown } from "./beat.ts";
import { lostByServer } from "./keep-alive.ts";
import type { SharedCall } from "./shared-call.ts";

/**
 * Calls that a lease may wait for: an answer counts however late it comes, but a page has only six connections, and who
 * is this slow hangs.
 */
const mostCalls = 3;

/** What a keeper has around it. */
export interface KeeperContext {
  now(): number;
  /** Its time, or whether it is over, has changed. */
  changed(keeper: LeaseKeeper): void;
}

/** What we know of one lease, and when it is over. Our clock decides too: without an answer we cannot know better. */
export class LeaseKeeper {
  readonly #context: KeeperContext;
  readonly #over = new AbortController();
  #error: EtcdError | undefined;
  /** Those that may still answer for it, the last one last. */
  #calls: SharedCall[] = [];
  readonly id: bigint;
  /** As it was first told; 0 until then. */
  ttlSeconds = 0;
  beat: Beat;
  /** Whether it is to be kept alive. */
  kept: boolean;
  /** Whether a call may have come to nothing for it. */
  suspect = false;

  constructor(context: KeeperContext, id: bigint, kept: boolean) {
    this.#context = context;
    this.id = id;
    this.kept = kept;
    this.beat = unknown(context.now());
  }

  /** Aborts when the lease is over. */
  get signal(): AbortSignal {
    this.check();
    return this.#over.signal;
  }

  get isOver(): boolean {
    return this.#over.signal.aborted;
  }

  /** The call that its last sign of life went with. */
  get call(): SharedCall | undefined {
    return this.#calls.at(-1);
  }

  /** Over, if our clock says so. A timer would be late where the page was frozen or the machine slept. */
  check(now: number = this.#context.now()): void {
    if (this.isOver || now < overAt(this.beat)) return;
    const last = this.#error === undefined ? "" : `. Last: ${this.#error.message}`;
    const seconds = this.beat.ttlMs / 1000;
    const message = `Lease ${this.id}: ${seconds} seconds have passed since its last sign of life that was answered${last}`;
    this.end(new EtcdError("lease-lost", message, { cause: this.#error }));
  }

  /** A sign of life goes out with this call. */
  sent(now: number, call: SharedCall): void {
    this.#calls.push(call);
    if (this.#calls.length > mostCalls) this.#calls.shift()?.leave(this);
    this.beat = sent(this.beat, now);
  }

  /** The server has said how long the lease lives, counted from `sentAt`: 0 or less, and it is gone. */
  told(sentAt: number, ttlSeconds: number): void {
    if (ttlSeconds <= 0) this.end(lostByServer(this.id));
    const isOld = this.ttlSeconds > 0 && sentAt < this.beat.aliveAt;
    if (this.isOver || isOld) return;
    this.ttlSeconds ||= ttlSeconds;
    this.#leave((call) => call.sentAt < sentAt);
    const beat = answered(sentAt, ttlSeconds * 1000);
    this.beat = this.call?.keepsWaiting(this) ? underWay(beat, this.beat) : beat;
    this.suspect = false;
    this.#error = undefined;
    this.check();
    this.#context.changed(this);
  }

  /** A sign of life has failed; where a later one is under way, that decides. */
  failed(error: EtcdError, call: SharedCall): void {
    this.#error = error;
    const isLast = call === this.call;
    this.#calls = this.#calls.filter((each) => each !== call);
    if (isLast) this.beat = failed(this.beat, this.#context.now());
  }

  /** Keeps it alive no more; our clock goes on. */
  release(): void {
    this.kept = false;
    this.#leave(() => true);
  }

  /** The lease is over. */
  end(error: EtcdError): void {
    if (this.isOver) return;
    this.release();
    this.#over.abort(error);
    this.#context.changed(this);
  }

  #leave(which: (call: SharedCall) => boolean): void {
    for (const call of this.#calls) if (which(call)) call.leave(this);
    this.#calls = this.#calls.filter((call) => !which(call));
  }
}
