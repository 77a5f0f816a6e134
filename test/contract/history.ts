import { expect } from "chai";
import type { WatchBatch } from "../../src/index.ts";

/** A revision: what it did, as text, in its order. */
export interface Change {
  readonly revision: bigint;
  readonly events: readonly string[];
}

/** What was written, by the results of the writes; a watch is held against it. */
export class History {
  readonly #changes = new Map<bigint, Change>();

  /** The number of revisions. */
  get length(): number {
    return this.#changes.size;
  }

  add(revision: bigint, events: readonly string[]): void {
    if (this.#changes.has(revision)) throw new Error(`Two writes say that they are revision ${revision}`);
    this.#changes.set(revision, { revision, events });
  }

  /** The revisions from `first` on, in order. */
  since(first: bigint): Change[] {
    return [...this.#changes.values()]
      .filter(({ revision }) => revision >= first)
      .sort((a, b) => Number(a.revision - b.revision));
  }
}

/** A put, as a history says it; a long value by its beginning and length. */
export function putOf(key: string, value: string): string {
  return value.length > 100 ? `${key} = ${value.slice(0, 20)}… (${value.length})` : `${key} = ${value}`;
}

/** A delete, as a history says it. */
export function deleteOf(key: string): string {
  return `${key} is gone`;
}

/** A batch, as a history says it. */
function toChange({ revision, events }: WatchBatch): Change {
  expect(events.every(({ kv }) => kv.modRevision === revision)).to.equal(true);
  const texts = events.map((event) =>
    event.type === "put" ? putOf(event.kv.keyText(), event.kv.text()) : deleteOf(event.kv.keyText()),
  );
  return { revision, events: texts };
}

/** What a watch gave is what was written: every revision once, whole, in order. */
export function expectChanges(batches: readonly WatchBatch[], written: readonly Change[], message?: string): void {
  const got = batches.map(toChange);
  // The first difference alone: a list of thousands is no message.
  const at = written.findIndex((change, i) => !isSame(change, got[i]));
  if (at !== -1) expect(got[at], `change ${at} of ${written.length}; ${message ?? ""}`).to.deep.equal(written[at]);
  expect(got.length, message).to.equal(written.length);
}

function isSame(a: Change, b: Change | undefined): boolean {
  return a.revision === b?.revision && a.events.join("\n") === b.events.join("\n");
}
