import type { History, KeyEvent } from "./history.ts";
import { describeRevision, StoreModel, sameEvents } from "./store-model.ts";
import type { Write } from "./writes.ts";

/**
 * Holds the history that etcd tells against what its writers were told: every acknowledged write is its revision, to
 * the letter; a lost one is there once or not at all; a refused one is not there; and nothing else is there, but for
 * the ends of leases. What does not fit, in sentences.
 */
export function auditHistory(history: History, writes: readonly Write[]): string[] {
  const audit = new Audit(history, writes);
  for (let revision = history.first; revision <= history.last; revision++) audit.take(revision);
  return audit.finish();
}

class Audit {
  readonly #history: History;
  readonly #model = new StoreModel();
  readonly #acknowledged = new Map<bigint, Write>();
  /** The latest first: what is lost mostly runs soon or never. */
  readonly #lost: Set<Write>;
  /** When a revision had been written at the latest: the first answer that named it or a later one had come. */
  readonly #writtenBy = new Map<bigint, number>();
  readonly #refused: Set<Write>;
  readonly #findings: string[] = [];

  constructor(history: History, writes: readonly Write[]) {
    this.#history = history;
    const lost = writes.filter(({ outcome }) => outcome.kind === "lost");
    this.#lost = new Set(lost.sort((a, b) => b.begunAt - a.begunAt));
    this.#refused = new Set(writes.filter(({ outcome }) => outcome.kind === "refused"));
    for (const write of writes) this.#claim(write);
    let answeredAt = Number.POSITIVE_INFINITY;
    for (let revision = history.last; revision >= history.first; revision--) {
      answeredAt = Math.min(answeredAt, this.#acknowledged.get(revision)?.endedAt ?? answeredAt);
      this.#writtenBy.set(revision, answeredAt);
    }
  }

  take(revision: bigint): void {
    const events = this.#history.at(revision);
    const write = this.#acknowledged.get(revision);
    this.#acknowledged.delete(revision);
    if (write === undefined) this.#explain(revision, events);
    else if (!sameEvents(this.#model.eventsOf(write.effects, revision), events))
      this.#find(revision, "is not what was acknowledged for it");
    this.#model.apply(events);
  }

  finish(): string[] {
    for (const revision of this.#acknowledged.keys()) this.#find(revision, "was acknowledged, but never was");
    return this.#findings;
  }

  #claim(write: Write): void {
    const { outcome } = write;
    if (outcome.kind !== "acknowledged" || outcome.revision === undefined) return;
    if (this.#acknowledged.has(outcome.revision)) this.#find(outcome.revision, "was acknowledged twice");
    this.#acknowledged.set(outcome.revision, write);
  }

  /** A revision that nobody was told of. */
  #explain(revision: bigint, events: readonly KeyEvent[]): void {
    const is = ({ effects }: Write): boolean => sameEvents(this.#model.eventsOf(effects, revision), events);
    const lost = [...this.#lost].find((write) => write.begunAt <= (this.#writtenBy.get(revision) ?? 0) && is(write));
    if (lost !== undefined) return void this.#lost.delete(lost);
    const ends = [...this.#model.leases()].map((lease) => this.#model.eventsOfEnd(lease, revision));
    if (ends.some((end) => sameEvents(end, events))) return;
    const refused = [...this.#refused].find(is);
    this.#find(revision, refused === undefined ? "was written by nobody" : "was refused, and ran");
  }

  #find(revision: bigint, what: string): void {
    this.#findings.push(`history: revision ${revision} ${what}: ${describeRevision(this.#history, revision)}`);
  }
}
