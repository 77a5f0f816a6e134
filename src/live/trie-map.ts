/** Keys and their values in turn: a third of what a Map takes, and searched as fast, since it is short. */
type Bucket<T> = readonly (string | T)[];
type Branch<T> = readonly (Bucket<T> | undefined)[];

const width = 32;
const emptyBucket: Bucket<never> = [];
const emptyBranch: Branch<never> = new Array(width).fill(undefined);
const emptyRoot: readonly Branch<never>[] = new Array(width).fill(emptyBranch);

/**
 * An immutable map of text: a changed one shares with the one before all that did not change, so that a change costs
 * what it touches (two arrays of 32 and a bucket), and not what is there. Iterated in the order of its keys.
 */
export class TrieMap<T> implements ReadonlyMap<string, T> {
  readonly #root: readonly Branch<T>[];
  readonly size: number;
  #sorted: readonly [string, T][] | undefined;

  private constructor(root: readonly Branch<T>[], size: number) {
    this.#root = root;
    this.size = size;
  }

  /** One with nothing in it. */
  static empty<T>(): TrieMap<T> {
    return new TrieMap<T>(emptyRoot, 0);
  }

  /** The map after changes; undefined takes a key away. */
  with(changes: Iterable<readonly [key: string, value: T | undefined]>): TrieMap<T> {
    const copied = new Set<Branch<T>>();
    const root = [...this.#root];
    let size = this.size;
    for (const [key, value] of changes) {
      const [high, low] = place(key);
      const before = root[high] as Branch<T>;
      const branch = (copied.has(before) ? before : [...before]) as (Bucket<T> | undefined)[];
      const bucket = branch[low] ?? emptyBucket;
      const changed = value === undefined ? without(bucket, key) : withPair(bucket, key, value);
      size += (changed.length - bucket.length) / 2;
      branch[low] = changed;
      root[high] = branch;
      copied.add(branch);
    }
    return copied.size === 0 ? this : new TrieMap(root, size);
  }

  get(key: string): T | undefined {
    const [high, low] = place(key);
    const bucket = this.#root[high]?.[low] ?? emptyBucket;
    const at = indexIn(bucket, key);
    return at === -1 ? undefined : (bucket[at + 1] as T);
  }

  has(key: string): boolean {
    const [high, low] = place(key);
    return indexIn(this.#root[high]?.[low] ?? emptyBucket, key) !== -1;
  }

  entries(): MapIterator<[string, T]> {
    this.#sorted ??= this.#root
      .flatMap((branch) => branch.flatMap((bucket) => pairsOf(bucket ?? emptyBucket)))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return this.#sorted.values() as MapIterator<[string, T]>;
  }

  *keys(): MapIterator<string> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): MapIterator<T> {
    for (const [, value] of this.entries()) yield value;
  }

  forEach(each: (value: T, key: string, map: ReadonlyMap<string, T>) => void, self?: unknown): void {
    for (const [key, value] of this.entries()) each.call(self, value, key, this);
  }

  [Symbol.iterator](): MapIterator<[string, T]> {
    return this.entries();
  }
}

function indexIn<T>(bucket: Bucket<T>, key: string): number {
  for (let at = 0; at < bucket.length; at += 2) if (bucket[at] === key) return at;
  return -1;
}

// Made anew each time, and never pushed to: that would leave room for more.
function withPair<T>(bucket: Bucket<T>, key: string, value: T): Bucket<T> {
  const at = indexIn(bucket, key);
  if (at === -1) return bucket.concat([key, value]);
  const changed = bucket.slice();
  changed[at + 1] = value;
  return changed;
}

function without<T>(bucket: Bucket<T>, key: string): Bucket<T> {
  const at = indexIn(bucket, key);
  return at === -1 ? bucket : bucket.filter((_, index) => index !== at && index !== at + 1);
}

function pairsOf<T>(bucket: Bucket<T>): [string, T][] {
  const pairs: [string, T][] = [];
  for (let at = 0; at < bucket.length; at += 2) pairs.push([bucket[at] as string, bucket[at + 1] as T]);
  return pairs;
}

/** Two digits of a hash of the key (FNV-1a, mixed once more: neighbours differ in their last character). */
export function place(key: string): readonly [number, number] {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  return [hash & (width - 1), (hash >>> 5) & (width - 1)];
}
