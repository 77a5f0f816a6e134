import { setTimeout as sleep } from "node:timers/promises";
import { type Etcd, isEtcdError, type Watch, type WatchBatch } from "../../src/index.ts";
import { holds } from "./history.ts";
import type { Random } from "./random.ts";
import type { WatchPlan } from "./watch-plan.ts";
import { type DeliveredEvent, type Delivery, recordEvent, type WatchEnd, type WatchRecord } from "./watch-record.ts";
import type { Write, WriteLog } from "./writes.ts";

/** What a watch's observer knows of the run around it. */
export interface Surroundings {
  readonly log: WriteLog;
  /** The revisions that compactions have been asked for, oldest first. */
  readonly compactions: readonly bigint[];
  /** Aborted when readers are to read without rest. */
  readonly hurry: AbortSignal;
}

/** A watch under test, its reader, and a record of what it gave. */
export class ObservedWatch {
  readonly name: string;
  readonly plan: WatchPlan;
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<void>;
  readonly #around: Surroundings;
  readonly #random: Random;
  readonly #start: bigint | undefined;
  readonly #watch: Watch;
  readonly #abort = new AbortController();
  readonly #deliveries: Delivery[] = [];
  readonly #begunAt = performance.now();
  #opened: bigint | undefined;
  #openedAt: number | undefined;
  #left = false;
  #resting = false;
  #end: WatchEnd = { kind: "open" };
  #reached = 0n;

  constructor(name: string, etcd: Etcd, plan: WatchPlan, around: Surroundings, random: Random) {
    this.name = name;
    this.plan = plan;
    this.#around = around;
    this.#random = random;
    this.#start = this.#startRevision();
    const { prevKv, only, progress } = plan.subject;
    const asked = { startRevision: this.#start, prevKv, only, progress, requireLeader: plan.requireLeader };
    this.#watch = etcd.watch(plan.range, { ...asked, signal: this.#abort.signal });
    this.#watch.opened.then(
      (revision) => this.#open(revision),
      () => {},
    );
    this.ended = this.#read();
  }

  /** What `opened` gave, if it has. */
  get opened(): bigint | undefined {
    return this.#opened;
  }

  /** The newest revision delivered, in a batch or a bookmark. */
  get reached(): bigint {
    return this.#reached;
  }

  get isOpen(): boolean {
    return this.#end.kind === "open";
  }

  /** How many events it has delivered. */
  get delivered(): number {
    return this.#deliveries.reduce((sum, { events }) => sum + events.length, 0);
  }

  /** Whether its reader waits for an event of a write that was acknowledged. */
  owes({ effects, outcome }: Write): boolean {
    if (this.#resting) return false;
    if (!this.isOpen || this.#left || this.#opened === undefined || outcome.kind !== "acknowledged") return false;
    const revision = outcome.revision ?? 0n;
    if (revision < this.#opened || revision <= this.#reached) return false;
    const { subject } = this.plan;
    return effects.some((effect) => {
      if (subject.only !== undefined && subject.only !== effect.kind) return false;
      return holds(subject, effect.kind === "put" ? effect.key : effect.from);
    });
  }

  /** The reader leaves, in the way that was planned. */
  leave(): void {
    if (!this.isOpen) return;
    this.#left = true;
    if (this.plan.leaving === "abort") this.#abort.abort();
    if (this.plan.leaving === "close") void this.#watch.close();
  }

  /** Ends it for good; what it gives from now on is not looked at. */
  async close(): Promise<void> {
    await this.#watch.close();
    await this.ended;
  }

  record(): WatchRecord {
    const { log } = this.#around;
    const fromNow = this.#start === undefined;
    return {
      name: this.name,
      subject: { ...this.plan.subject, start: this.#start },
      opened: this.#opened,
      openedAfter: fromNow ? log.newestBefore(this.#begunAt) : undefined,
      openedBefore: fromNow && this.#openedAt !== undefined ? log.oldestAfter(this.#openedAt) : undefined,
      deliveries: [...this.#deliveries],
      end: this.#left ? { kind: "left" } : this.#end,
    };
  }

  #startRevision(): bigint | undefined {
    const { start } = this.plan;
    const { newest } = this.#around.log;
    if (start.kind === "now") return undefined;
    if (start.kind === "ahead") return newest + BigInt(start.by);
    const oldest = Math.max(2, Number(this.#around.compactions.at(-1) ?? 0n));
    return BigInt(oldest + Math.floor(start.share * Math.max(0, Number(newest) - oldest)));
  }

  #open(revision: bigint): void {
    this.#opened = revision;
    this.#openedAt = performance.now();
  }

  async #read(): Promise<void> {
    try {
      if (this.plan.subject.by === "batches") await this.#readBatches();
      else await this.#readEvents();
      this.#finish(this.#left ? { kind: "left" } : { kind: "failed", reason: "it ended without an error" });
    } catch (error) {
      this.#finish(this.#left ? { kind: "left" } : this.#endOf(error));
    }
  }

  async #readBatches(): Promise<void> {
    for await (const { revision, events } of this.#watch.batches()) {
      if (this.#left) break;
      this.#take(revision, events.map(recordEvent));
      await this.#rest();
    }
  }

  async #readEvents(): Promise<void> {
    for await (const event of this.#watch) {
      if (this.#left) break;
      this.#take(event.kv.modRevision, [recordEvent(event)]);
      await this.#rest();
    }
  }

  #take(revision: WatchBatch["revision"], events: readonly DeliveredEvent[]): void {
    this.#deliveries.push({ revision, events, compacted: this.#around.compactions.at(-1) ?? 0n });
    if (revision > this.#reached) this.#reached = revision;
  }

  async #rest(): Promise<void> {
    const { hurry } = this.#around;
    if (this.plan.restMs === 0 || hurry.aborted || !this.#random.chance(0.02)) return;
    this.#resting = true;
    await sleep(this.#random.between(0, this.plan.restMs), undefined, { signal: hurry }).catch(() => {});
    this.#resting = false;
  }

  #endOf(error: unknown): WatchEnd {
    if (isEtcdError(error, "compacted") && error.compactRevision !== undefined) {
      return { kind: "compacted", compactRevision: error.compactRevision, asked: [...this.#around.compactions] };
    }
    return { kind: "failed", reason: String(error) };
  }

  #finish(end: WatchEnd): void {
    if (this.#end.kind === "open") this.#end = end;
  }
}
