import { backoffMs } from "../base/backoff.ts";
import { EtcdError, isEtcdError } from "../base/errors.ts";
import { toResult } from "../base/json.ts";
import { Listeners } from "../base/listeners.ts";
import type { Range } from "../base/range.ts";
import { linkSignals, untilAborted } from "../base/signals.ts";
import type { EtcdReader } from "../client/etcd.ts";
import { connectionOf, placeOf, platformOf } from "../client/inside.ts";
import { type Platform, sleep } from "../platform/platform.ts";
import { toTimeout } from "../transport/caller.ts";
import { toEtcdError } from "../transport/to-etcd-error.ts";
import { type DehydratedView, dehydrate, type Rehydrated, rehydrate } from "./dehydrated.ts";
import { Keeping } from "./keeping.ts";
import { type Since, type Update, updates } from "./updates.ts";
import type { View, ViewChange, ViewOptions, ViewSnapshot } from "./view.ts";
import { afterEvents, afterSnapshot, initialState, type Reading, type Updated, type ViewState } from "./view-state.ts";

const retries = { firstMs: 1_000, longestMs: 60_000 };
const nothing: readonly string[] = [];

/** A view at work: its state, its listeners, and what it follows. */
export class LiveView<T> {
  readonly #etcd: EtcdReader;
  readonly #range: Range;
  readonly #platform: Platform;
  readonly #reading: Reading<T>;
  readonly #graceMs: number;
  readonly #keeping: Keeping | undefined;
  readonly #users = new Listeners<ViewChange>();
  readonly #closing = new AbortController();
  readonly served: ViewSnapshot<T>;
  #state: ViewState<T>;
  #clusterId = 0n;
  #snapshot: ViewSnapshot<T>;
  #following: AbortController | undefined;
  /** It is followed, and what was missed before that is in. */
  #isPresent = false;
  #cancelGrace: (() => void) | undefined;

  constructor(etcd: EtcdReader, range: Range, decode: Reading<T>["decode"], options: ViewOptions<T>) {
    const place = placeOf(etcd, range);
    this.#etcd = etcd;
    this.#range = range;
    this.#platform = platformOf(etcd);
    this.#reading = { decode, defaults: new Map(Object.entries(options.defaults ?? {})) };
    this.#graceMs = options.graceMs ?? 5_000;
    this.#state = initialState(this.#reading);
    const { revision, values, faults } = this.#state;
    this.#snapshot = toResult({ revision, values, faults, ...untouched });
    if (options.initial !== undefined) this.#begin(toInitial(options.initial), "server-rendered");
    this.served = this.#snapshot;
    if (options.storage !== undefined) {
      const onError = (error: unknown): void => this.#change({ storageError: error });
      this.#keeping = new Keeping(this.#platform, options.storage, place, onError);
    }
  }

  get snapshot(): ViewSnapshot<T> {
    this.#load();
    return this.#snapshot;
  }

  get(key: string): T | undefined {
    return this.snapshot.values.get(key);
  }

  subscribe(listener: (change: ViewChange) => void): () => void {
    if (this.#closed) return () => {};
    this.#load();
    this.#follow();
    const leave = this.#users.add(listener);
    return () => {
      if (leave() && this.#users.size === 0) this.#rest();
    };
  }

  ready(options: Parameters<View<T>["ready"]>[0] = {}): Promise<ViewSnapshot<T>> {
    const ready = this.#becomeLive(options.signal, options.timeoutMs);
    ready.catch(() => {}); // Who asks and goes away is owed nothing.
    return ready;
  }

  dehydrate(): DehydratedView {
    this.#load();
    return dehydrate(this.#state, this.#clusterId);
  }

  close(): void {
    if (this.#closed) return;
    this.#stop();
    this.#closing.abort(new EtcdError("closed", "The view is closed"));
    this.#users.clear();
  }

  get #closed(): boolean {
    return this.#closing.signal.aborted;
  }

  async #becomeLive(given: AbortSignal | undefined, timeoutMs = Number.POSITIVE_INFINITY): Promise<ViewSnapshot<T>> {
    toTimeout(timeoutMs);
    const late = new AbortController();
    const { signal, unlink } = linkSignals(given, this.#closing.signal, late.signal);
    if (signal.aborted) throw signal.reason;
    const { promise, resolve, reject } = Promise.withResolvers<ViewSnapshot<T>>();
    const look = (): void => {
      const { source, stale, error } = this.#snapshot;
      if (source === "live" && !stale) resolve(this.#snapshot);
      else if (error !== undefined) reject(error);
    };
    const leave = this.subscribe(look);
    look();
    const timedOut = new EtcdError("timeout", `The view was not live within ${timeoutMs} ms`);
    const endless = timeoutMs === Number.POSITIVE_INFINITY;
    const cancel = endless ? undefined : this.#platform.setTimeout(() => late.abort(timedOut), timeoutMs);
    try {
      return await untilAborted(promise, signal);
    } finally {
      leave();
      cancel?.();
      unlink();
    }
  }

  /** Before the first look: what is read at once is there for the first paint. */
  #load(): void {
    this.#keeping?.load((kept) => {
      if (this.#snapshot.source === "default" && !this.#closed) this.#begin(kept, "stored");
    });
  }

  #begin(kept: Rehydrated, source: "stored" | "server-rendered"): void {
    this.#clusterId = kept.clusterId;
    this.#take(afterSnapshot(this.#state, kept, this.#reading), { source });
  }

  #follow(): void {
    this.#cancelGrace?.();
    this.#cancelGrace = undefined;
    if (this.#following !== undefined) return;
    const following = new AbortController();
    this.#following = following;
    const unsubscribe = connectionOf(this.#etcd)?.subscribe(() => this.#change({}));
    following.signal.addEventListener("abort", () => unsubscribe?.());
    void this.#run(following.signal);
  }

  #rest(): void {
    this.#cancelGrace ??= this.#platform.setTimeout(() => this.#stop(), this.#graceMs);
  }

  #stop(): void {
    this.#cancelGrace?.();
    this.#cancelGrace = undefined;
    this.#following?.abort();
    this.#following = undefined;
    this.#isPresent = false;
    this.#change({ error: undefined }); // nobody tries any more
    this.#keeping?.flush();
  }

  /** Until it is stopped; never rejects. What ends it for good may still be mended: a permission granted, a clock set. */
  async #run(signal: AbortSignal): Promise<void> {
    await this.#keeping?.loaded;
    for (let failures = 0; !signal.aborted; ) {
      try {
        for await (const update of updates({ etcd: this.#etcd, range: this.#range, signal }, this.#since)) {
          if (signal.aborted) return;
          if (update.type !== "lost") failures = 0;
          this.#onUpdate(update);
        }
      } catch (error) {
        if (signal.aborted) return;
        this.#isPresent = false;
        this.#change({ error: toEtcdError(error, { what: "The view", write: false }) });
        if (isEtcdError(error, "closed")) return;
        await sleep(this.#platform, backoffMs(retries, ++failures, this.#platform.random), signal);
      }
    }
  }

  get #since(): Since | undefined {
    if (this.#clusterId === 0n) return undefined;
    const size = (): number => this.#state.entries.size;
    return { revision: this.#state.revision, clusterId: this.#clusterId, size };
  }

  #onUpdate(update: Update): void {
    if (update.type === "lost") {
      this.#isPresent = false;
      this.#change({});
      return;
    }
    const isPast = update.type === "missed";
    if (!isPast) this.#isPresent = true;
    const status = { ...(!isPast && { source: "live" as const }), error: undefined };
    if (update.type === "resumed") {
      this.#change(status);
      return;
    }
    if (update.type === "snapshot") {
      this.#clusterId = update.clusterId;
      this.#take(afterSnapshot(this.#state, update, this.#reading), status);
    } else this.#take(afterEvents(this.#state, update, this.#reading), status);
    this.#keeping?.save(() => this.dehydrate());
  }

  #take({ state, keys }: Updated<T>, status: Partial<Status>): void {
    this.#state = state;
    this.#change(status, keys);
  }

  /** A new snapshot, and a word to the listeners, where anything shows. */
  #change(status: Partial<Status>, keys = nothing): void {
    if (this.#closed) return;
    const before = this.#snapshot;
    const { source, error, storageError } = { ...before, ...status };
    const { revision, values, faults } = this.#state;
    const link = connectionOf(this.#etcd)?.state.state;
    const down = link === "reconnecting" || link === "closed";
    const stale = source !== "live" || error !== undefined || down || !this.#isPresent;
    const after = { revision, values, faults, source, stale, error, storageError };
    if (fields.every((field) => Object.is(before[field], after[field]))) return;
    this.#snapshot = toResult(after);
    this.#users.tell({ revision, keys });
  }
}

type Status = Pick<ViewSnapshot<unknown>, "source" | "error" | "storageError">;

const untouched = {
  source: "default",
  stale: true,
  error: undefined,
  storageError: undefined,
} as const;

const fields = ["revision", "values", "faults", "source", "stale", "error", "storageError"] as const;

function toInitial(initial: DehydratedView): Rehydrated {
  const found = rehydrate(initial);
  if (found !== undefined) return found;
  throw new EtcdError("invalid-argument", "`initial` is not what a view's dehydrate() gives");
}
