import type { Change } from "./change-log.ts";
import { covers } from "./keys.ts";
import type { Watcher } from "./watcher.ts";

/** The watchers that have seen everything up to now: a new revision goes straight to them. */
export class WatcherGroup {
  readonly #byKey = new Map<string, Set<Watcher>>();
  readonly #ranges = new Set<Watcher>();

  add(watcher: Watcher): void {
    const { span } = watcher;
    const set = this.#setOf(watcher) ?? new Set();
    if ("key" in span) this.#byKey.set(span.key, set);
    set.add(watcher);
  }

  has(watcher: Watcher): boolean {
    return this.#setOf(watcher)?.has(watcher) ?? false;
  }

  delete(watcher: Watcher): void {
    const set = this.#setOf(watcher);
    set?.delete(watcher);
    if (set?.size === 0 && "key" in watcher.span) this.#byKey.delete(watcher.span.key);
  }

  /** Shows a revision to those it concerns, each once and with all of it. */
  notify(revision: bigint, changes: readonly Change[]): void {
    const shares = new Map<Watcher, Change[]>();
    for (const change of changes) {
      for (const watcher of this.#matching(change.name)) {
        if (revision < watcher.next) continue;
        const share = shares.get(watcher);
        if (share) share.push(change);
        else shares.set(watcher, [change]);
      }
    }
    for (const [watcher, share] of shares) watcher.receive(revision, share);
  }

  *#matching(name: string): Iterable<Watcher> {
    yield* this.#byKey.get(name) ?? [];
    for (const watcher of this.#ranges) if (covers(watcher.span, name)) yield watcher;
  }

  #setOf({ span }: Watcher): Set<Watcher> | undefined {
    return "key" in span ? this.#byKey.get(span.key) : this.#ranges;
  }
}
