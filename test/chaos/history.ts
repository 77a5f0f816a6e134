import { createHash } from "node:crypto";

/** A pair with its history; key and value as text that stands for their bytes, one character a byte. */
export interface Pair {
  readonly key: string;
  readonly value: string;
  readonly createRevision: bigint;
  readonly modRevision: bigint;
  readonly version: bigint;
  readonly lease: bigint;
}

/** What happened to a key. Of a deleted one, `kv` has no more than key and revision. */
export interface KeyEvent {
  readonly type: "put" | "delete";
  readonly kv: Pair;
  /** The pair as it was before the revision; undefined: there was none. */
  readonly prevKv: Pair | undefined;
}

/** What truly happened, revision by revision, and nothing between two of them. */
export class History {
  /** The revision of a store that nobody has written to yet is 1. */
  readonly first = 2n;
  readonly #revisions: (readonly KeyEvent[])[] = [];

  /** The newest revision; 1: nothing has happened. */
  get last(): bigint {
    return this.first + BigInt(this.#revisions.length) - 1n;
  }

  /** All that happened in a revision, in order. */
  at(revision: bigint): readonly KeyEvent[] {
    return this.#revisions[Number(revision - this.first)] ?? [];
  }

  /** Adds the next revision. Every revision has an event, so one that is not the next one is a hole. */
  push(revision: bigint, events: readonly KeyEvent[]): void {
    if (revision !== this.last + 1n) throw new Error(`Revision ${revision} follows ${this.last} in the history.`);
    this.#revisions.push(events);
  }
}

/** Keys from `from` on and before `to`; undefined: without end. */
export interface Interval {
  readonly from: string;
  readonly to: string | undefined;
}

/** Whether an interval holds a key; text of one character a byte sorts as its bytes do. */
export function holds({ from, to }: Interval, key: string): boolean {
  return key >= from && (to === undefined || key < to);
}

/** The interval of one key. */
export function oneKey(key: string): Interval {
  return { from: key, to: `${key}\0` };
}

/** A key's text. */
export function keyToText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

/** A key's bytes. */
export function keyToBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "latin1"));
}

/** A value's text; of a long one its length and a digest, since every watch keeps what it was given. */
export function valueToText(bytes: Uint8Array): string {
  if (bytes.length <= 64) return keyToText(bytes);
  return `${bytes.length} bytes, ${createHash("sha1").update(bytes).digest("hex")}`;
}
