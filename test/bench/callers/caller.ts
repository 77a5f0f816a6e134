/** A way to call etcd, as a user would write it. Values come out as bytes. */
export interface Caller {
  get(key: string): Promise<Uint8Array | undefined>;
  /** Reads that a program makes at once. */
  getAll(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>;
  put(key: string, value: Uint8Array): Promise<void>;
  /** Puts the value if the key exists; whether it did. */
  replace(key: string, value: Uint8Array): Promise<boolean>;
  /** The values of all keys that start so, as they come. */
  list(prefix: string): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** Each with a call of its own. */
export function oneByOne(get: Caller["get"]): Caller["getAll"] {
  return (keys) => Promise.all(keys.map(get));
}
