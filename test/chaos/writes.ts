import type { Interval } from "./history.ts";

/** What a write does to the store. */
export type Effect =
  | { readonly kind: "put"; readonly key: string; readonly value: string; readonly lease: bigint }
  | ({ readonly kind: "delete" } & Interval);

/** What the writer was told. */
export type Outcome =
  /** Undefined: it changed nothing. */
  | { readonly kind: "acknowledged"; readonly revision: bigint | undefined }
  /** The answer was lost: it may have run, once. */
  | { readonly kind: "lost" }
  /** It has not run, and never will. */
  | { readonly kind: "refused"; readonly reason: string };

/** A write and what came of it; times are milliseconds of one clock. */
export interface Write {
  readonly effects: readonly Effect[];
  readonly begunAt: number;
  readonly endedAt: number;
  readonly outcome: Outcome;
}

/** Everything that was written, as its writers know it. */
export class WriteLog {
  readonly writes: Write[] = [];
  readonly #listeners = new Set<(write: Write) => void>();
  #newest = 1n;

  /** The newest revision a writer was told. */
  get newest(): bigint {
    return this.#newest;
  }

  add(write: Write): void {
    this.writes.push(write);
    const { outcome } = write;
    if (outcome.kind !== "acknowledged" || outcome.revision === undefined) return;
    if (outcome.revision > this.#newest) this.#newest = outcome.revision;
    for (const listener of [...this.#listeners]) listener(write);
  }

  /** Resolves at the first acknowledged change at which `is` holds. */
  when(is: () => boolean, withinMs = 60_000): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const listener = (): void => void (is() && resolve());
    const late = setTimeout(() => reject(new Error(`The writers made nothing of it in ${withinMs} ms.`)), withinMs);
    this.#listeners.add(listener);
    return promise.finally(() => {
      clearTimeout(late);
      this.#listeners.delete(listener);
    });
  }

  count(kind: Outcome["kind"]): number {
    return this.writes.filter(({ outcome }) => outcome.kind === kind).length;
  }

  /** The newest revision acknowledged before a moment. */
  newestBefore(moment: number): bigint {
    return this.#revisions(({ endedAt }) => endedAt < moment).reduce((a, b) => (a > b ? a : b), 1n);
  }

  /** The oldest revision of a write that began after a moment. */
  oldestAfter(moment: number): bigint | undefined {
    const [first, ...others] = this.#revisions(({ begunAt }) => begunAt > moment);
    return first === undefined ? undefined : others.reduce((a, b) => (a < b ? a : b), first);
  }

  #revisions(of: (write: Write) => boolean): bigint[] {
    return this.writes.filter(of).flatMap(({ outcome }) => {
      return outcome.kind === "acknowledged" && outcome.revision !== undefined ? [outcome.revision] : [];
    });
  }
}
