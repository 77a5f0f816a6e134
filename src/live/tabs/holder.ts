import type { EtcdReader } from "../../client/etcd.ts";
import { connectionOf } from "../../client/inside.ts";
import type { Clock } from "../../platform/clock.ts";
import { HeldWatch } from "./held-watch.ts";
import type { HolderNews, MemberMessage, Wish } from "./messages.ts";
import { beatMs } from "./silence.ts";

/** Milliseconds between two questions who wants what: tabs that were killed say nothing when they go. */
const rollMs = 30_000;
/** Milliseconds between two ticks of its own timers, in a tab in the background, and then some. */
const slowMs = 2_000;
/** Milliseconds that tabs have for their answer. */
const answerMs = 2_000;

/** Holds the watches of all tabs, for as long as this tab has the lock. */
export class Holder {
  readonly #etcd: EtcdReader;
  readonly #clock: Clock;
  readonly #tell: (news: HolderNews) => void;
  readonly #watches = new Map<string, HeldWatch>();
  readonly #wanted = new Set<string>();
  readonly #unsubscribe: (() => void) | undefined;
  #tickedAt: number;
  #cancelTick: () => void;
  #cancelRoll: () => void;
  #cancelAnswers: (() => void) | undefined;

  constructor(etcd: EtcdReader, clock: Clock, tell: (news: HolderNews) => void) {
    this.#etcd = etcd;
    this.#clock = clock;
    this.#tell = tell;
    this.#unsubscribe = connectionOf(etcd)?.subscribe(() => this.#beat());
    this.#cancelRoll = clock.setTimeout(() => this.#roll(), rollMs);
    this.#tickedAt = clock.now();
    this.#cancelTick = clock.setTimeout(() => this.#tick(), beatMs);
    this.#beat();
  }

  /** A frozen page hears, but its timers and streams stand still: it had better say nothing. */
  receive(message: MemberMessage): void {
    if (this.#clock.now() - this.#tickedAt > slowMs) return;
    if (message.type === "ping") this.#beat();
    if (message.type === "left") this.#roll();
    if (message.type === "want") this.#onWant(message.topics);
    if (message.type === "join") for (const wish of message.wishes) this.#join(wish);
  }

  close(): void {
    for (const cancel of [this.#cancelTick, this.#cancelRoll, this.#cancelAnswers, this.#unsubscribe]) cancel?.();
    for (const watch of this.#watches.values()) watch.close();
    this.#watches.clear();
  }

  #join({ topic, what, next }: Wish): void {
    this.#wanted.add(topic);
    const held = this.#watches.get(topic);
    if (held !== undefined) {
      held.join(next);
      return;
    }
    const watch = new HeldWatch(this.#etcd, what, next, (news) => {
      if (news.type === "failed" && news.below === undefined) this.#watches.delete(topic);
      this.#tell({ ...news, topic });
    });
    this.#watches.set(topic, watch);
  }

  /** Who answers late believes that its topics are held: it is asked again, and told which are. */
  #onWant(topics: readonly string[]): void {
    for (const topic of topics) this.#wanted.add(topic);
    if (!topics.every((topic) => this.#watches.has(topic))) this.#roll();
  }

  #tick(): void {
    this.#tickedAt = this.#clock.now();
    this.#cancelTick = this.#clock.setTimeout(() => this.#tick(), beatMs);
    this.#beat();
  }

  #beat(): void {
    this.#tell({ type: "beat", link: connectionOf(this.#etcd)?.state.state ?? "live" });
  }

  #roll(): void {
    if (this.#cancelAnswers !== undefined) return;
    this.#cancelRoll();
    this.#wanted.clear();
    this.#tell({ type: "roll", topics: [...this.#watches.keys()] });
    this.#cancelAnswers = this.#clock.setTimeout(() => this.#endUnwanted(), answerMs);
  }

  #endUnwanted(): void {
    this.#cancelAnswers = undefined;
    this.#cancelRoll = this.#clock.setTimeout(() => this.#roll(), rollMs);
    for (const [topic, watch] of this.#watches) {
      if (this.#wanted.has(topic)) continue;
      watch.close();
      this.#watches.delete(topic);
    }
  }
}
