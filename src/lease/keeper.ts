import { EtcdError, isEtcdError } from "../base/errors.ts";
import { type LinkedSignal, linkSignals } from "../base/signals.ts";
import { type Platform, sleep } from "../platform/platform.ts";
import { type Beat, leftMs, nextBeatMs } from "./beat.ts";

/** One sign of life; gives the seconds to live, or throws "lease-lost" by the server's word. */
export type KeepAlive = (signal: AbortSignal, timeoutMs: number) => Promise<number>;

/** Keeps a lease alive and tells when it is over. Our clock decides too: without an answer we cannot know better. */
export class LeaseKeeper {
  readonly #platform: Platform;
  readonly #keepAlive: KeepAlive;
  readonly #id: bigint;
  readonly #over = new AbortController();
  readonly #resting = new AbortController();
  readonly #link: LinkedSignal;
  #beat: Beat;
  #cancelExpiry: () => void = () => {};

  constructor(
    platform: Platform,
    id: bigint,
    grant: { readonly ttlSeconds: number; readonly sentAt: number },
    keepAlive: KeepAlive,
  ) {
    this.#platform = platform;
    this.#keepAlive = keepAlive;
    this.#id = id;
    this.#beat = { aliveAt: grant.sentAt, ttlMs: grant.ttlSeconds * 1000, failures: 0 };
    this.#link = linkSignals(this.#over.signal, this.#resting.signal);
    this.#expect();
  }

  /** Aborts when the lease is over. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Beats until the lease is over or released; never rejects. */
  async run(): Promise<void> {
    const { signal } = this.#link;
    while (!signal.aborted) {
      await sleep(this.#platform, nextBeatMs(this.#beat, this.#platform.now()), signal);
      if (!signal.aborted) await this.#try(signal);
    }
  }

  /** A sign of life was answered. */
  alive(sentAt: number, ttlSeconds: number): void {
    if (sentAt < this.#beat.aliveAt || this.#over.signal.aborted) return;
    this.#beat = { aliveAt: sentAt, ttlMs: ttlSeconds * 1000, failures: 0 };
    this.#expect();
  }

  /** Stops beating; our clock goes on. */
  release(): void {
    this.#resting.abort();
    this.#link.unlink();
  }

  /** The lease is over. */
  end(error: EtcdError): void {
    this.#cancelExpiry();
    this.#over.abort(error);
    this.release();
  }

  async #try(signal: AbortSignal): Promise<void> {
    const sentAt = this.#platform.now();
    try {
      this.alive(sentAt, await this.#keepAlive(signal, this.#patienceMs(sentAt)));
    } catch (error) {
      if (signal.aborted) return;
      if (isEtcdError(error, "lease-lost")) return this.end(error);
      this.#beat = { ...this.#beat, failures: this.#beat.failures + 1 };
    }
  }

  /** One sign of life that hangs must leave time for others. */
  #patienceMs(now: number): number {
    return Math.max(1, Math.min(leftMs(this.#beat, now), Math.max(1_000, this.#beat.ttlMs / 6), 60_000));
  }

  #expect(): void {
    this.#cancelExpiry();
    this.#cancelExpiry = this.#platform.setTimeout(
      () =>
        this.end(
          new EtcdError("lease-lost", `Lease ${this.#id}: no answer to its keep-alive for as long as it may live`),
        ),
      leftMs(this.#beat, this.#platform.now()),
    );
  }
}
