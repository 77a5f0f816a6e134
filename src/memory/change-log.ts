import type { KeyValue } from "../gen/mvccpb/kv_pb.ts";

/** One put or delete. */
export interface Change {
  readonly name: string;
  /** What was stored; for a delete a tombstone with only key and mod revision. */
  readonly kv: KeyValue;
}

/** The changes of every revision that has not been compacted, in the order they were made. */
export class ChangeLog {
  /** The revision of the first entry. Every revision changes something, so entries have no gaps. */
  #first: bigint;
  #entries: (readonly Change[])[];

  /** @param first the revision of the first entry, or of the first to be appended */
  constructor(first: bigint, entries: readonly (readonly Change[])[] = []) {
    this.#first = first;
    this.#entries = [...entries];
  }

  /** The revision of the first entry. */
  get first(): bigint {
    return this.#first;
  }

  /** What there is, oldest first. */
  get entries(): readonly (readonly Change[])[] {
    return this.#entries;
  }

  /** Adds the next revision. */
  append(changes: readonly Change[]): void {
    this.#entries.push(changes);
  }

  /** The changes of one revision; none where it is compacted or still to come. */
  at(revision: bigint): readonly Change[] {
    return this.#entries[Number(revision - this.#first)] ?? [];
  }

  /** Forgets the revisions before this one, and returns the keys changed up to and with it. */
  compact(revision: bigint): Set<string> {
    const before = Math.max(0, Number(revision - this.#first));
    const names = new Set<string>();
    for (const changes of this.#entries.slice(0, before + 1)) for (const { name } of changes) names.add(name);
    this.#entries = this.#entries.slice(before);
    if (revision > this.#first) this.#first = revision;
    return names;
  }
}

/** The first revision whose changes are still known: revision 1 is the empty store. */
export function firstLogged(compacted: bigint): bigint {
  return compacted > 2n ? compacted : 2n;
}
