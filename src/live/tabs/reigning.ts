import type { Platform } from "../../platform/platform.ts";
import type { Tabs } from "../../platform/tabs.ts";
import { compareReigns, type Reign } from "./messages.ts";
import { lookMs, onSilence } from "./silence.ts";

/** Who is told what becomes of this tab. */
export interface Candidate {
  /** It holds the watches from now on, until the function returned is called. */
  reign(reign: Reign): () => void;
  /** It asks the holder whether it is there. */
  ping(): void;
  /** There are no locks after all. */
  failed(): void;
}

/**
 * Which tab holds: the one that has the lock. All others queue for it, which tells them when it was closed or killed. Of
 * one that is frozen, and keeps the lock, they hear nothing: one of them steals it, and the old holder obeys, by the
 * lock if it learns of that first, or by the later reign's word.
 */
export class Reigning {
  readonly #tabs: Tabs;
  readonly #platform: Platform;
  readonly #lock: string;
  readonly #candidate: Candidate;
  readonly #closing = new AbortController();
  #heard: Reign | undefined;
  #heardAt: number;
  #random: number;
  #own: { readonly reign: Reign; readonly end: () => void } | undefined;
  #cancelLook: () => void = () => {};

  constructor(tabs: Tabs, platform: Platform, lock: string, candidate: Candidate) {
    this.#tabs = tabs;
    this.#platform = platform;
    this.#lock = lock;
    this.#candidate = candidate;
    this.#heardAt = platform.now();
    this.#random = platform.random();
    candidate.ping();
    void this.#queue();
    this.#look();
  }

  /** The latest there was. */
  get heard(): Reign | undefined {
    return this.#heard;
  }

  /** Someone reigns, or has reigned; "old" has to be told, "new" is another than before. */
  hear(reign: Reign): "old" | "same" | "new" {
    const order = this.#heard === undefined ? 1 : compareReigns(reign, this.#heard);
    if (order < 0) return "old";
    this.#heardAt = this.#platform.now();
    this.#random = this.#platform.random();
    this.#heard = reign;
    if (this.#own !== undefined && compareReigns(reign, this.#own.reign) > 0) this.#own.end();
    return order > 0 ? "new" : "same";
  }

  close(): void {
    this.#cancelLook();
    this.#closing.abort();
    this.#own?.end();
  }

  async #queue(): Promise<void> {
    while (!this.#closing.signal.aborted && (await this.#request(false)));
  }

  async #request(steal: boolean): Promise<boolean> {
    const { signal } = this.#closing;
    try {
      await this.#tabs.hold(this.#lock, { steal, signal }, (lost) => this.#reign(lost));
      return true;
    } catch {
      if (!signal.aborted) this.#candidate.failed();
      return false;
    }
  }

  async #reign(lost: AbortSignal): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#own?.end();
    const reign = { epoch: (this.#heard?.epoch ?? 0) + 1, tab: this.#tabs.id };
    this.#heard = reign;
    const over = Promise.withResolvers<void>();
    const leave = this.#candidate.reign(reign);
    const own = {
      reign,
      end: (): void => {
        if (this.#own === own) this.#own = undefined;
        this.#heardAt = this.#platform.now();
        leave();
        over.resolve();
      },
    };
    this.#own = own;
    lost.addEventListener("abort", own.end);
    await over.promise;
  }

  #look(): void {
    const due = this.#platform.now() + lookMs;
    this.#cancelLook = this.#platform.setTimeout(() => {
      this.#onSilence(this.#platform.now() - due);
      this.#look();
    }, lookMs);
  }

  #onSilence(lateMs: number): void {
    if (this.#own !== undefined) return;
    const ms = this.#platform.now() - this.#heardAt;
    const what = onSilence({ ms, lateMs, random: this.#random });
    if (what === "ping") this.#candidate.ping();
    if (what === "start-again" || what === "steal") this.#heardAt = this.#platform.now();
    if (what === "steal") void this.#request(true);
  }
}
