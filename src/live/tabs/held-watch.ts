import { toRange } from "../../base/range.ts";
import type { EtcdReader } from "../../client/etcd.ts";
import { toEtcdError } from "../../transport/to-etcd-error.ts";
import type { WatchBatch } from "../../watch/events.ts";
import type { Watch } from "../../watch/options.ts";
import { Backlog } from "./backlog.ts";
import type { Cover, Failure, Topic } from "./messages.ts";

type News =
  | ({ readonly type: "cover" } & Omit<Cover, "topic">)
  | ({ readonly type: "failed" } & Omit<Failure, "topic">);

interface Held {
  readonly watch: Watch;
  readonly backlog: Backlog;
  open: boolean;
}

/** The one watch of a topic, for all tabs. */
export class HeldWatch {
  readonly #etcd: EtcdReader;
  readonly #topic: Topic;
  readonly #tell: (news: News) => void;
  #held: Held | undefined;
  /**
   * It takes the other's place once it has caught up with it, and speaks for it meanwhile. Not before: etcd confirms a
   * watch of compacted history too, right before it ends it, and who watches already has not lost a thing by that.
   */
  #fartherBack: Held | undefined;

  /** From `next` on; what comes of it is told. */
  constructor(etcd: EtcdReader, topic: Topic, next: bigint, tell: (news: News) => void) {
    this.#etcd = etcd;
    this.#topic = topic;
    this.#tell = tell;
    this.#held = this.#begin(next);
  }

  /** Somebody wants everything from `next` on: who comes from far back takes the watch back with him. */
  join(next: bigint): void {
    const speaker = this.#speaker;
    if (speaker?.backlog.covers(next)) this.#tellFrom(speaker, next);
    else if (!this.#fartherBack?.backlog.covers(next)) this.#goBack(next);
  }

  close(): void {
    for (const held of [this.#held, this.#fartherBack]) void held?.watch.close();
    this.#held = this.#fartherBack = undefined;
  }

  get #speaker(): Held | undefined {
    return this.#fartherBack?.open ? this.#fartherBack : this.#held;
  }

  #begin(startRevision: bigint): Held {
    const { prevKv, only, requireLeader } = this.#topic;
    const options = { startRevision, prevKv, only, requireLeader, progress: true };
    const watch = this.#etcd.watch(toRange(this.#topic), options);
    const held = { watch, backlog: new Backlog(startRevision), open: false };
    void this.#follow(held);
    return held;
  }

  #goBack(next: bigint): void {
    const before = this.#fartherBack;
    this.#fartherBack = this.#begin(next);
    void before?.watch.close();
    if (!this.#held?.open) this.#replace();
    else if (before?.open) this.#tellFrom(this.#held);
  }

  #replace(): void {
    void this.#held?.watch.close();
    this.#held = this.#fartherBack;
    this.#fartherBack = undefined;
  }

  async #follow(held: Held): Promise<void> {
    held.watch.opened.then(
      () => this.#onOpen(held),
      () => {},
    );
    try {
      for await (const batch of held.watch.batches()) this.#onBatch(held, batch);
    } catch (error) {
      if (held === this.#held || held === this.#fartherBack) this.#onFailure(held, error);
    }
  }

  #onOpen(held: Held): void {
    held.open = true;
    if (held === this.#speaker) this.#tellFrom(held);
  }

  #onBatch(held: Held, batch: WatchBatch): void {
    const cover = held.backlog.add(batch);
    const isCaughtUp = this.#held !== undefined && held.backlog.next >= this.#held.backlog.next;
    if (held === this.#fartherBack && isCaughtUp) this.#replace();
    if (held === this.#speaker && held.open) this.#tell({ type: "cover", ...cover });
  }

  /** Who needs no more than the other watch has is not concerned, and gets what that one has kept to itself. */
  #onFailure(failed: Held, error: unknown): void {
    const isMain = failed === this.#held;
    if (isMain) this.#replace();
    else this.#fartherBack = undefined;
    const left = this.#held;
    if (isMain && left !== undefined) return; // it goes back farther, and says itself how it fares
    const { code, message, reason, compactRevision } = toEtcdError(error, { what: "Watch", write: false });
    this.#tell({ type: "failed", below: left?.backlog.from, error: { code, message, reason, compactRevision } });
    if (left !== undefined) this.#tellFrom(left);
  }

  #tellFrom({ open, backlog }: Held, next = 0n): void {
    if (open) this.#tell({ type: "cover", ...backlog.since(next) });
  }
}
