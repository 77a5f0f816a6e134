import { asyncDispose } from "../../base/async-dispose.ts";
import { backoffMs } from "../../base/backoff.ts";
import { EtcdError, type EtcdErrorDetails } from "../../base/errors.ts";
import { toRange } from "../../base/range.ts";
import { type End, Stream, type StreamSource } from "../../base/stream.ts";
import { type WatchBatch, type WatchEvent, weightOf } from "../../watch/events.ts";
import type { Watch, WatchOptions } from "../../watch/options.ts";
import { take } from "./cover.ts";
import { KnownCluster } from "./known-cluster.ts";
import type { Cover, Failure, Topic } from "./messages.ts";
import type { Tab } from "./tab.ts";

/** Bytes that a reader may be behind: beyond, the watch leaves the others until all has been read. */
const mostUnread = 1024 * 1024;

/** Reads that tell whether the cluster is what it was: a minute of them, and the watch goes by what its holder says. */
const mostTries = 12;
const waits = { firstMs: 500, longestMs: 10_000 };

/** A watch of one tab, fed by the tab that holds its topic. */
export class SharedWatch implements Watch, StreamSource<WatchBatch | WatchEvent> {
  // An exported class may only declare a name of the language's own, and not every engine has this one.
  declare [Symbol.asyncDispose]: () => Promise<void>;
  static {
    SharedWatch.prototype[asyncDispose] = SharedWatch.prototype.close;
  }

  readonly topic: string;
  readonly what: Topic;
  /** The first revision that has not been given yet. */
  next = 0n;
  /** The holder has answered: what is missing now is a gap. */
  joined = false;
  readonly #tab: Tab;
  readonly #options: WatchOptions;
  readonly #opened = Promise.withResolvers<bigint>();
  #stream: Stream<WatchBatch> | Stream<WatchEvent> | undefined;
  #push: (batch: WatchBatch) => void = (batch) => this.#early.push(batch);
  readonly #early: WatchBatch[] = [];
  readonly #cluster: KnownCluster;
  #wasJoined = false;
  #begun = false;
  #resting = false;
  #end: End | undefined;
  #own: Watch | undefined;
  #cancelLimit: (() => void) | undefined;

  constructor(tab: Tab, what: Topic, topic: string, options: WatchOptions) {
    this.#tab = tab;
    this.what = what;
    this.topic = topic;
    this.#options = options;
    this.#cluster = new KnownCluster(async (signal) => {
      return (await tab.etcd.range(toRange(what), { limit: 1, keysOnly: true, signal })).header;
    });
    this.#opened.promise.catch(() => {}); // a failure reaches the reader anyhow
  }

  get opened(): Promise<bigint> {
    this.#begin();
    return this.#opened.promise;
  }

  [Symbol.asyncIterator](): AsyncIterator<WatchEvent, undefined> {
    const events = new Stream<WatchEvent>(this);
    return this.#read(events, (batch) => {
      for (const event of batch.events) events.push(event);
    });
  }

  batches(): AsyncIterable<WatchBatch> {
    return {
      [Symbol.asyncIterator]: () => {
        const batches = new Stream<WatchBatch>(this);
        return this.#read(batches, (batch) => batches.push(batch));
      },
    };
  }

  async close(): Promise<void> {
    this.left();
  }

  onCover(cover: Cover): void {
    const taken = take(this.next, cover);
    if (taken.kind === "gap") {
      if (this.joined) this.#tab.join([this]);
      return;
    }
    if (!this.joined) this.#onHolder();
    this.#confirm(this.next);
    const from = this.next;
    this.#goTo(taken.next);
    for (const batch of taken.batches) this.#give(batch);
    if (taken.batches.length === 0 && taken.next > from) this.#give({ revision: taken.next - 1n, events: [] });
    if (this.#unread() > mostUnread) this.#rest();
  }

  /** What is wrong with the data is so for all; what is wrong with the holder is not. */
  onFailure({ below, error }: Failure): void {
    if (below !== undefined && this.next >= below) return;
    const { code, message, reason, compactRevision } = error;
    if (code !== "compacted" && code !== "cluster-changed") {
      this.goAlone();
      return;
    }
    if (compactRevision !== undefined && this.next >= compactRevision) {
      this.#tab.join([this]);
      return;
    }
    this.fail(new EtcdError(code, message, { reason, compactRevision } as EtcdErrorDetails));
  }

  fail(error: unknown): void {
    this.#finish({ error });
    this.#stream?.end({ error });
  }

  /** Without the other tabs, from where it was. */
  goAlone(): void {
    if (this.#end || this.#own) return;
    this.#tab.remove(this);
    const { signal, timeoutMs, ...options } = this.#options;
    const startRevision = this.next > 0n ? this.next : options.startRevision;
    const own = this.#tab.etcd.watch(toRange(this.what), { ...options, progress: true, startRevision });
    this.#own = own;
    this.#tab.addLone(this);
    own.opened.then(
      (first) => {
        this.#confirm(first);
        void this.#verify();
      },
      () => {},
    );
    void this.#follow(own);
  }

  weigh(value: WatchBatch | WatchEvent): number {
    return weightOf(value);
  }

  drained(): void {
    if (!this.#resting || this.#end) return;
    this.#resting = false;
    this.#join();
  }

  left(): void {
    this.#early.length = 0;
    this.#finish({});
    this.#stream?.abort();
  }

  /** Its signal has aborted. */
  handleEvent(): void {
    const error: unknown = this.#options.signal?.reason;
    this.#early.length = 0;
    this.#finish({ error });
    this.#stream?.abort({ error });
  }

  #join(): void {
    if (this.#shares) this.#tab.add(this);
    else this.goAlone();
  }

  /** Headers may say who asks, and who that is may not be what the others are. */
  get #shares(): boolean {
    return this.#tab.shares && this.#options.headers === undefined;
  }

  /** The position that it has from its options, or from a read of its own. */
  async #start(): Promise<void> {
    if (!this.#shares) {
      this.goAlone();
      return;
    }
    const { startRevision, signal } = this.#options;
    try {
      if (startRevision !== undefined) this.next = BigInt(startRevision);
      else this.next = (await this.#cluster.ask(signal)) + 1n;
      if (this.#end === undefined) this.#join();
    } catch {
      this.goAlone(); // its own watch tells why, or gets over it
    }
  }

  #read<S extends Stream<WatchBatch> | Stream<WatchEvent>>(stream: S, push: (batch: WatchBatch) => void): S {
    if (this.#stream) throw new TypeError("A watch has one reader: call watch() again for another");
    this.#stream = stream;
    this.#push = push;
    for (const batch of this.#early.splice(0)) push(batch);
    if (this.#end) stream.end(this.#end);
    this.#begin();
    return stream;
  }

  #begin(): void {
    if (this.#begun || this.#end) return;
    this.#begun = true;
    this.#tab.begin(this);
    if (this.#end) return;
    const { signal, timeoutMs = Number.POSITIVE_INFINITY } = this.#options;
    if (signal?.aborted) {
      this.handleEvent();
      return;
    }
    signal?.addEventListener("abort", this);
    const late = (): void => this.fail(new EtcdError("timeout", `Watch: not open within ${timeoutMs} ms`));
    if (timeoutMs < Number.POSITIVE_INFINITY) this.#cancelLimit = this.#tab.platform.setTimeout(late, timeoutMs);
    void this.#start();
  }

  /** A holder has answered: what is missing from now on is a gap. */
  #onHolder(): void {
    this.joined = true;
    if (this.#wasJoined || this.#cluster.isNew) void this.#verify();
    else this.#tab.answered(this);
    this.#wasJoined = true;
  }

  #goTo(next: bigint): void {
    if (next > this.next) this.#cluster.reached(next - 1n);
    this.next = next;
  }

  async #verify(): Promise<void> {
    const { platform } = this.#tab;
    for (let tries = 1; tries <= mostTries && this.#end === undefined; tries++) {
      const verdict = await this.#cluster.verify();
      if (verdict === "same") break;
      if (verdict !== "unknown") this.fail(verdict);
      else await new Promise<void>((go) => platform.setTimeout(go, backoffMs(waits, tries, platform.random)));
    }
    this.#tab.answered(this);
  }

  #confirm(first: bigint): void {
    this.#cancelLimit?.();
    this.#opened.resolve(first);
  }

  #give(batch: WatchBatch): void {
    if (batch.events.length > 0 || this.#options.progress) this.#push(batch);
  }

  async #follow(own: Watch): Promise<void> {
    try {
      for await (const batch of own.batches()) {
        if (this.#own !== own) return;
        this.#goTo(batch.revision + 1n);
        this.#give(batch);
        if (this.#unread() <= mostUnread) continue;
        this.#rest();
        return;
      }
    } catch (error) {
      if (this.#own === own) this.fail(error);
    }
  }

  #unread(): number {
    return this.#stream?.weight ?? this.#early.reduce((sum, batch) => sum + weightOf(batch), 0);
  }

  #rest(): void {
    this.#resting = true;
    this.#own = undefined; // leaving its loop closes it
    this.#tab.remove(this);
  }

  #finish(end: End): void {
    if (this.#end) return;
    this.#end = end;
    this.#tab.end(this);
    void this.#own?.close();
    this.#options.signal?.removeEventListener("abort", this);
    this.#cancelLimit?.();
    this.#opened.reject(end.error ?? new EtcdError("closed", "The watch was closed before it was open"));
  }
}
