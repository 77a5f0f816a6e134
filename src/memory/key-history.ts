import type { KeyValue } from "../gen/mvccpb/kv_pb.ts";

/** The mark of a delete in a key's history: real key-values start at version 1. */
export function isTombstone(kv: KeyValue): boolean {
  return kv.version === 0n;
}

/** Every version of one key that has not been compacted, deletes included, oldest first. */
export class KeyHistory {
  readonly name: string;
  #versions: KeyValue[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** The newest value; undefined where the key is deleted. */
  get latest(): KeyValue | undefined {
    const kv = this.#versions.at(-1);
    return kv === undefined || isTombstone(kv) ? undefined : kv;
  }

  /** What is stored, oldest first. */
  get versions(): readonly KeyValue[] {
    return this.#versions;
  }

  /** Adds a version; revisions never go back. */
  push(kv: KeyValue): void {
    this.#versions.push(kv);
  }

  /** The value at a revision; undefined where the key did not exist then. */
  at(revision: bigint): KeyValue | undefined {
    const kv = this.#versions[this.#last(revision)];
    return kv === undefined || isTombstone(kv) ? undefined : kv;
  }

  /** Forgets what only revisions before this one show, and says whether nothing is left. */
  compact(revision: bigint): boolean {
    const last = this.#last(revision);
    const kv = this.#versions[last];
    const first = kv === undefined ? 0 : isTombstone(kv) ? last + 1 : last;
    if (first > 0) this.#versions = this.#versions.slice(first);
    return this.#versions.length === 0;
  }

  /** Where the last version not after the revision is, or -1. One revision may hold two versions: put, then deleted. */
  #last(revision: bigint): number {
    let low = 0;
    let high = this.#versions.length;
    if (this.#isAtMost(high - 1, revision)) return high - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isAtMost(middle, revision)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #isAtMost(index: number, revision: bigint): boolean {
    const kv = this.#versions[index];
    return kv !== undefined && kv.modRevision <= revision;
  }
}
