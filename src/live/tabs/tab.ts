import { EtcdError } from "../../base/errors.ts";
import type { EtcdReader } from "../../client/etcd.ts";
import { connectionOf, platformOf } from "../../client/inside.ts";
import type { Platform } from "../../platform/platform.ts";
import type { TabChannel, Tabs } from "../../platform/tabs.ts";
import { type ConnectionState, StreamConnection } from "../../watch/connection.ts";
import { reviveBatch } from "../../watch/events.ts";
import { Holder } from "./holder.ts";
import type { HolderMessage, HolderNews, Reign, TabMessage } from "./messages.ts";
import { Reigning } from "./reigning.ts";
import type { SharedWatch } from "./shared-watch.ts";

/** Milliseconds that a tab without a watch stays with the others: most come back at once. */
const graceMs = 5_000;

/** Its part among the others. */
interface Part {
  readonly channel: TabChannel;
  readonly reigning: Reigning;
}

/** One tab among those that share: its watches, and what it hears of the holder, which it may be itself. */
export class Tab {
  readonly etcd: EtcdReader;
  readonly platform: Platform;
  readonly #name: string;
  /** While something has begun: a client that lives long must not collect everybody who once shared it. */
  #stopWatching: (() => void) | undefined;
  /** Undefined: there are none, or no locks, though it seemed so. */
  #tabs: Tabs | undefined;
  /** All that have begun, shared or not. */
  readonly #begun = new Set<SharedWatch>();
  readonly #lone = new Set<SharedWatch>();
  readonly #watches = new Map<string, Set<SharedWatch>>();
  /** Of the holder, and of each watch that it has to answer again; of the client, as far as watches are its own. */
  readonly connection: StreamConnection = new StreamConnection();
  #part: Part | undefined;
  #holder: Holder | undefined;
  #cancelGrace: (() => void) | undefined;
  #stopListening: (() => void) | undefined;
  #asleep = false;
  #closed: EtcdError | undefined;

  constructor(tabs: Tabs | undefined, etcd: EtcdReader, name: string) {
    this.#tabs = tabs;
    this.etcd = etcd;
    this.platform = platformOf(etcd);
    this.#name = name;
    this.#onClient();
  }

  /** Whether it shares at all. */
  get shares(): boolean {
    return this.#tabs !== undefined;
  }

  /** From now on the watch ends with the tab. */
  begin(watch: SharedWatch): void {
    this.#onClient();
    if (this.#closed) {
      watch.fail(this.#closed);
      return;
    }
    this.#begun.add(watch);
    this.#stopWatching ??= connectionOf(this.etcd)?.subscribe(() => this.#onClient());
  }

  end(watch: SharedWatch): void {
    this.remove(watch);
    this.#begun.delete(watch);
    if (this.#begun.size === 0) this.#rest();
  }

  /** From now on the watch hears of its topic. */
  add(watch: SharedWatch): void {
    if (this.#tabs === undefined) watch.goAlone();
    else this.#include(watch, this.#tabs);
  }

  /** From now on the watch is one of the client's own. */
  addLone(watch: SharedWatch): void {
    this.#lone.add(watch);
    this.#onClient();
  }

  remove(watch: SharedWatch): void {
    if (this.#lone.delete(watch)) this.#onClient();
    watch.joined = false;
    this.connection.report(watch, undefined);
    const watches = this.#watches.get(watch.topic);
    if (!watches?.delete(watch) || watches.size > 0) return;
    this.#watches.delete(watch.topic);
    this.#post({ type: "left" });
    if (this.#watches.size > 0) return;
    this.connection.report(this, undefined);
    this.#cancelGrace = this.platform.setTimeout(() => this.#leave(), graceMs);
  }

  /** Asks for what comes from their positions on. */
  join(watches: readonly SharedWatch[]): void {
    for (const watch of watches) {
      if (watch.joined) this.connection.report(watch, withoutLink()); // nobody knows what it misses
      watch.joined = false;
    }
    const wishes = watches.map(({ topic, what, next }) => ({ topic, what, next }));
    if (wishes.length > 0) this.#post({ type: "join", wishes });
  }

  /**
   * A holder has answered, and it is the same cluster: the link is up again when the readers have had their turn at what
   * came with the answer.
   */
  answered(watch: SharedWatch): void {
    this.platform.setTimeout(() => watch.joined && this.connection.report(watch, undefined), 0);
  }

  close(error: EtcdError = new EtcdError("closed", "Watch: what shareTabs() gave is closed")): void {
    if (this.#closed) return;
    this.#closed = error;
    for (const watch of this.#begun) watch.fail(error);
    this.#leave();
    this.#rest();
    this.connection.close();
  }

  #rest(): void {
    this.#stopWatching?.();
    this.#stopWatching = undefined;
  }

  #onClient(): void {
    const client = connectionOf(this.etcd)?.state;
    if (client?.state === "closed") this.#closeWithClient();
    else this.connection.report(this.#lone, this.#lone.size > 0 ? client : undefined);
  }

  #closeWithClient(): void {
    this.close(new EtcdError("closed", "Watch: the client is closed"));
  }

  #include(watch: SharedWatch, tabs: Tabs): void {
    const watches = this.#watches.get(watch.topic) ?? new Set();
    this.#watches.set(watch.topic, watches.add(watch));
    this.#cancelGrace?.();
    this.#cancelGrace = undefined;
    this.#stopListening ??= tabs.onSleep(
      () => this.#sleep(),
      () => this.#wake(tabs),
    );
    if (!this.#asleep) this.#part ??= this.#takePart(tabs);
    this.join([watch]);
  }

  /** Frozen, it would hold up all others. */
  #sleep(): void {
    this.#asleep = true;
    this.#leavePart();
    this.join(this.#all()); // with the next holder it hears of
  }

  #wake(tabs: Tabs): void {
    if (!this.#asleep) return;
    this.#asleep = false;
    this.#part = this.#takePart(tabs);
    this.join(this.#all());
  }

  #takePart(tabs: Tabs): Part {
    const channel = tabs.open(this.#name, (message) => this.#receive(message as TabMessage));
    const reigning = new Reigning(tabs, this.platform, this.#name, {
      reign: (reign) => this.#hold(reign),
      ping: () => this.#post({ type: "ping" }),
      failed: () => this.#goAlone(),
    });
    this.connection.report(this, { state: "connecting" });
    return { channel, reigning };
  }

  #leave(): void {
    this.#cancelGrace?.();
    this.#cancelGrace = undefined;
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#asleep = false;
    this.#leavePart();
  }

  #leavePart(): void {
    const part = this.#part;
    this.#part = undefined;
    part?.reigning.close();
    part?.channel.post({ type: "left" });
    part?.channel.close();
  }

  #hold(reign: Reign): () => void {
    const holder = new Holder(this.etcd, this.platform, (news: HolderNews) => {
      if (news.type === "failed" && news.error.code === "closed") this.#closeWithClient();
      else this.#post({ ...news, reign });
    });
    this.#holder = holder;
    this.join(this.#all());
    return () => {
      holder.close();
      if (this.#holder === holder) this.#holder = undefined;
    };
  }

  #goAlone(): void {
    this.#tabs = undefined;
    for (const watch of this.#all()) watch.goAlone();
  }

  /** To the others, and to this tab: a channel does not bring back what one has posted oneself. */
  #post(message: TabMessage): void {
    const part = this.#part;
    queueMicrotask(() => {
      if (this.#part === undefined || (part !== undefined && part !== this.#part)) return;
      this.#part.channel.post(message);
      this.#receive(message);
    });
  }

  #receive(message: TabMessage): void {
    if (this.#part === undefined) return;
    if (message.type === "outdated") this.#part.reigning.hear(message.reign);
    else if ("reign" in message) this.#hear(message, this.#part.reigning);
    else this.#holder?.receive(message);
  }

  #hear(message: HolderMessage, reigning: Reigning): void {
    const what = reigning.hear(message.reign);
    if (what === "old") {
      if (reigning.heard) this.#post({ type: "outdated", reign: reigning.heard });
      return;
    }
    if (what === "new") this.join(this.#all());
    else if (message.type === "beat") this.join(this.#all().filter(({ joined }) => !joined));
    if (message.type === "beat") this.#report(message.link);
    if (message.type === "roll") this.#answer(message.topics);
    if (message.type === "failed") for (const watch of this.#of(message.topic)) watch.onFailure(message);
    if (message.type === "cover") this.#onCover(message);
  }

  #onCover(cover: Extract<HolderNews, { type: "cover" }>): void {
    const watches = this.#of(cover.topic);
    if (watches.length === 0) return;
    const batches = cover.batches.map(reviveBatch);
    for (const watch of watches) watch.onCover({ ...cover, batches });
  }

  #answer(held: readonly string[]): void {
    this.#post({ type: "want", topics: [...this.#watches.keys()] });
    this.join(this.#all().filter(({ topic }) => !held.includes(topic)));
  }

  #report(link: ConnectionState["state"]): void {
    if (this.#watches.size === 0) return;
    this.connection.report(this, link === "reconnecting" || link === "closed" ? withoutLink() : { state: link });
  }

  #of(topic: string): SharedWatch[] {
    return [...(this.#watches.get(topic) ?? [])];
  }

  #all(): SharedWatch[] {
    return [...this.#watches.values()].flatMap((watches) => [...watches]);
  }
}

function withoutLink(): ConnectionState {
  const reason = new EtcdError("unavailable", "Watch: the tab that holds it has no link, or has yet to answer");
  return { state: "reconnecting", reason, attempt: 1, nextRetryAt: new Date() };
}
