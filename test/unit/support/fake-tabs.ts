import type { Transport } from "@connectrpc/connect";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import type { Etcd, Watch, WatchBatch } from "../../../src/index.ts";
import type { Platform } from "../../../src/platform/platform.ts";
import type { Tabs } from "../../../src/platform/tabs.ts";
import type { FakePlatform } from "./fake-platform.ts";

/** A tab that can be killed and frozen. */
export interface FakeTab {
  readonly tabs: Tabs;
  /** A client whose watches, like all else in the tab, stand still while it is frozen. */
  readonly etcd: Etcd;
  readonly frozen: boolean;
  readonly dead: boolean;
  /** "hearing": as Chromium does it, letters are still read; "told": and the page is told of it. */
  freeze(how?: "stopped" | "hearing" | "told"): void;
  thaw(): void;
  /** Its locks are free at once; it says nothing. */
  kill(): void;
}

/** Tabs of one origin. */
export interface FakeOrigin {
  open(): FakeTab;
  /** Who has the lock. */
  readonly holder: FakeTab | undefined;
  /** Watches that the tabs have at etcd. */
  readonly watches: number;
}

interface Waiting {
  readonly tab: Tab;
  grant(): void;
}

interface Held {
  readonly tab: Tab;
  lose(): void;
}

/** An origin whose letters take a random while; those of one tab to another stay in order. */
export function createFakeOrigin(platform: FakePlatform, transport: Transport, random: () => number): FakeOrigin {
  const channels = new Map<string, Set<{ readonly tab: Tab; receive(message: unknown): void }>>();
  const waiting: Waiting[] = [];
  let held: Held | undefined;
  const opened: Tab[] = [];

  const next = (): void => {
    if (held === undefined) waiting.shift()?.grant();
  };

  function tabsOf(tab: Tab, id: string): Tabs {
    const lastTo = new Map<object, number>();
    return {
      id,
      onSleep(sleep, wake) {
        tab.onSleep = sleep;
        tab.onWake = wake;
        return () => {
          tab.onSleep = tab.onWake = () => {};
        };
      },
      open(name, onMessage) {
        const members = channels.get(name) ?? new Set();
        channels.set(name, members);
        const me = { tab, receive: onMessage };
        members.add(me);
        return {
          post(message) {
            if (tab.dead) return;
            const copy = structuredClone(message);
            for (const member of members) {
              if (member === me) continue;
              const at = Math.max(platform.now() + Math.floor(random() * 5), lastTo.get(member) ?? 0);
              lastTo.set(member, at);
              platform.setTimeout(
                () => member.tab.hear(() => members.has(member) && member.receive(copy)),
                at - platform.now(),
              );
            }
          },
          close: () => members.delete(me),
        };
      },
      hold(_, { steal, signal }, run) {
        const over = Promise.withResolvers<void>();
        const lost = new AbortController();
        const request = {
          tab,
          grant() {
            const mine = { tab, lose: () => tab.run(() => lost.abort()) };
            held = mine;
            const release = (): void => {
              if (held === mine) held = undefined;
              over.resolve();
              next();
            };
            lost.signal.addEventListener("abort", () => over.resolve());
            tab.run(() => void run(lost.signal).then(release));
          },
        };
        if (steal) {
          held?.lose();
          request.grant();
          return over.promise;
        }
        waiting.push(request);
        signal.addEventListener("abort", () => {
          const at = waiting.indexOf(request);
          if (at >= 0) waiting.splice(at, 1);
          over.resolve();
        });
        next();
        return over.promise;
      },
    };
  }

  return {
    get holder() {
      return held?.tab;
    },
    get watches() {
      return opened.reduce((sum, tab) => sum + (tab.dead ? 0 : tab.watches), 0);
    },
    open() {
      const tab = new Tab(platform, transport, () => {
        for (const each of [...waiting]) if (each.tab === tab) waiting.splice(waiting.indexOf(each), 1);
        if (held?.tab !== tab) return;
        held = undefined;
        next();
      });
      tab.tabs = tabsOf(tab, `tab-${opened.length}`);
      opened.push(tab);
      return tab;
    },
  };
}

class Tab implements FakeTab {
  tabs!: Tabs;
  readonly etcd: Etcd;
  frozen = false;
  dead = false;
  /** That it has at etcd. */
  watches = 0;
  onSleep: () => void = () => {};
  onWake: () => void = () => {};
  #hears = false;
  readonly #inbox: (() => void)[] = [];
  readonly #client: Etcd;
  readonly #onDeath: () => void;

  constructor(platform: FakePlatform, transport: Transport, onDeath: () => void) {
    const own: Platform = {
      ...platform,
      now: () => platform.now(),
      setTimeout: (run, ms) => platform.setTimeout(() => this.run(run), ms),
    };
    this.#client = createEtcdOn(own, { transport });
    this.#onDeath = onDeath;
    this.etcd = {
      ...this.#client,
      watch: (range, options) => this.#stopping(this.#client.watch(range, options)),
    };
  }

  run(job: () => void): void {
    if (this.dead) return;
    if (this.frozen) this.#inbox.push(job);
    else job();
  }

  hear(job: () => void): void {
    if (this.#hears && !this.dead) job();
    else this.run(job);
  }

  freeze(how = "stopped"): void {
    if (this.frozen) return;
    if (how === "told") this.onSleep();
    this.#hears = how !== "stopped";
    this.frozen = true;
  }

  thaw(): void {
    this.frozen = this.#hears = false;
    this.onWake();
    for (const job of this.#inbox.splice(0)) this.run(job);
  }

  kill(): void {
    this.dead = true;
    this.#onDeath();
    void this.#client.close();
  }

  #stopping(watch: Watch): Watch {
    const pass = <T>(value: T): Promise<T> => new Promise((resolve) => this.run(() => resolve(value)));
    const count = (more: number): void => {
      this.watches += more;
    };
    async function* batches(): AsyncGenerator<WatchBatch> {
      count(1);
      try {
        for await (const batch of watch.batches()) yield await pass(batch);
      } finally {
        count(-1);
      }
    }
    return {
      get opened() {
        return watch.opened.then(pass);
      },
      batches,
      close: () => watch.close(),
      [Symbol.asyncDispose]: () => watch.close(),
      [Symbol.asyncIterator]: () => watch[Symbol.asyncIterator](),
    };
  }
}
