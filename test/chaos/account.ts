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
  readonly #lost: Set<Write>;
  readonly #refused: Set<Write>;
  readonly #findings: string[] = [];

  constructor(history: History, writes: readonly Write[]) {
    this.#history = history;
    this.#lost = new Set(writes.filter(({ outcome }) => outcome.kind === "lost"));
    this.#refused = new Set(writes.filter(({ outcome }) => outcome.kind === "refused"));
    for (const write of writes) this.#claim(write);
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
    const lost = [...this.#lost].find(is);
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
