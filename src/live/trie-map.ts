type Bucket<T> = ReadonlyMap<string, T>;
type Branch<T> = readonly (Bucket<T> | undefined)[];

const width = 32;
const emptyBucket = new Map<string, never>();
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
    const copied = new Set<object>();
    const root = [...this.#root];
    let size = this.size;
    const own = <C extends object>(given: C, copy: (given: C) => C): C => {
      if (copied.has(given)) return given;
      const mine = copy(given);
      copied.add(mine);
      return mine;
    };
    for (const [key, value] of changes) {
      const [high, low] = place(key);
      const branch = own(root[high] as Branch<T>, (given) => [...given]) as (Bucket<T> | undefined)[];
      const bucket = own(branch[low] ?? emptyBucket, (given) => new Map(given)) as Map<string, T>;
      root[high] = branch;
      branch[low] = bucket;
      size -= bucket.size;
      if (value === undefined) bucket.delete(key);
      else bucket.set(key, value);
      size += bucket.size;
    }
    return copied.size === 0 ? this : new TrieMap(root, size);
  }

  get(key: string): T | undefined {
    const [high, low] = place(key);
    return this.#root[high]?.[low]?.get(key);
  }

  has(key: string): boolean {
    const [high, low] = place(key);
    return this.#root[high]?.[low]?.has(key) ?? false;
  }

  entries(): MapIterator<[string, T]> {
    this.#sorted ??= this.#root
      .flatMap((branch) => branch.flatMap((bucket) => [...(bucket ?? emptyBucket)]))
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

/** Two digits of a hash of the key (FNV-1a, mixed once more: neighbours differ in their last character). */
export function place(key: string): readonly [number, number] {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  return [hash & (width - 1), (hash >>> 5) & (width - 1)];
}
