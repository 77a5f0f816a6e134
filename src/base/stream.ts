/** How a sequence ended: with an error, or simply so. */
export interface End {
  readonly error?: unknown;
}

/**
 * A pushed sequence with one reader. Written by hand, not as a generator: a generator's `return()` waits behind a
 * pending `next()`, and a quiet watch may not wake for hours.
 */
export class Stream<T> implements AsyncIterableIterator<T, undefined> {
  readonly #onLeave: () => void;
  readonly #waiting: PromiseWithResolvers<IteratorResult<T, undefined>>[] = [];
  #values: T[] = [];
  #read = 0;
  #end: End | undefined;

  /** @param onLeave runs when the reader leaves before the end */
  constructor(onLeave: () => void) {
    this.#onLeave = onLeave;
  }

  /** Adds a value; after the end it is dropped. */
  push(value: T): void {
    if (this.#end) return;
    const reader = this.#waiting.shift();
    if (reader) reader.resolve({ done: false, value });
    else this.#values.push(value);
  }

  /** Ends the sequence; an error reaches the reader once, after the values before it. */
  end(end: End = {}): void {
    if (this.#end) return;
    this.#end = end;
    for (const reader of this.#waiting.splice(0)) reader.resolve(this.#last());
  }

  /** Ends the sequence at once: what was not read is dropped. */
  abort(end: End = {}): void {
    this.#values = [];
    this.#read = 0;
    this.end(end);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#read < this.#values.length) return Promise.resolve({ done: false, value: this.#take() });
    if (this.#end) return this.#last();
    const reader = Promise.withResolvers<IteratorResult<T, undefined>>();
    this.#waiting.push(reader);
    return reader.promise;
  }

  /** The reader leaves: pending and later reads are done at once, what was not read is dropped. */
  return(): Promise<IteratorResult<T, undefined>> {
    const left = !this.#end;
    this.abort();
    this.#end = {};
    if (left) this.#onLeave();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** An index rather than `shift()`, which moves every other value; the read part is dropped when it is the larger one. */
  #take(): T {
    const value = this.#values[this.#read++] as T;
    if (this.#read > 1024 && this.#read * 2 > this.#values.length) {
      this.#values = this.#values.slice(this.#read);
      this.#read = 0;
    }
    return value;
  }

  #last(): Promise<IteratorResult<T, undefined>> {
    const end = this.#end ?? {};
    this.#end = {};
    if ("error" in end) return Promise.reject(end.error);
    return Promise.resolve({ done: true, value: undefined });
  }
}
