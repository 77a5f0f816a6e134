/** How a sequence ended: with an error, or simply so. */
export interface End {
  readonly error?: unknown;
}

/** Who wants to know of a sequence's reader. */
export interface StreamSource<T> {
  /** The reader left before the end. */
  left?(): void;
  /** The reader has taken everything and waits for more. */
  drained?(): void;
  /** How much a value weighs; default 0. */
  weigh?(value: T): number;
}

/** Settles a read. */
type Answer<T> = (result: IteratorResult<T, undefined> | PromiseLike<IteratorResult<T, undefined>>) => void;

/** For all sequences that hold nothing. */
const none: never[] = [];

/**
 * A pushed sequence with one reader. Written by hand, not as a generator: a generator's `return()` waits behind a
 * pending `next()`, and a quiet watch may not wake for hours.
 */
export class Stream<T> implements AsyncIterableIterator<T, undefined> {
  readonly #source: StreamSource<T>;
  /** The read that waits, and those behind it: hardly anybody reads ahead, and a page may have thousands of these. */
  #waiting: Answer<T> | undefined;
  #behind: Answer<T>[] | undefined;
  #values: T[] = none;
  #read = 0;
  #end: End | undefined;
  /** What the values weigh that have not been read. */
  weight = 0;

  constructor(source: StreamSource<T> = {}) {
    this.#source = source;
  }

  /** What is pushed from now on is dropped. */
  get isOver(): boolean {
    return this.#end !== undefined;
  }

  /** Adds a value; after the end it is dropped. */
  push(value: T): void {
    if (this.#end) return;
    if (this.#waiting) {
      this.#nextWaiting()?.({ done: false, value });
      return;
    }
    if (this.#values === none) this.#values = [];
    this.#values.push(value);
    this.weight += this.#weigh(value);
  }

  /** Ends the sequence; an error reaches the reader once, after the values before it. */
  end(end: End = {}): void {
    if (this.#end) return;
    this.#end = end;
    while (this.#waiting) this.#nextWaiting()?.(this.#last());
  }

  /** Ends the sequence at once: what was not read is dropped. */
  abort(end: End = {}): void {
    this.#values = none;
    this.#read = 0;
    this.weight = 0;
    this.end(end);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#read < this.#values.length) return Promise.resolve({ done: false, value: this.#take() });
    if (this.#end) return this.#last();
    const answer = new Promise<IteratorResult<T, undefined>>((resolve) => {
      if (this.#waiting === undefined) this.#waiting = resolve;
      else {
        this.#behind ??= [];
        this.#behind.push(resolve);
      }
    });
    this.#source.drained?.();
    return answer;
  }

  /** The reader leaves: pending and later reads are done at once, what was not read is dropped. */
  return(): Promise<IteratorResult<T, undefined>> {
    const left = !this.#end;
    this.abort();
    this.#end = {};
    if (left) this.#source.left?.();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #nextWaiting(): Answer<T> | undefined {
    const reader = this.#waiting;
    this.#waiting = this.#behind?.shift();
    return reader;
  }

  #weigh(value: T): number {
    return this.#source.weigh?.(value) ?? 0;
  }

  /** An index rather than `shift()`, which moves every other value; the read part goes when it is the larger one. */
  #take(): T {
    const value = this.#values[this.#read] as T;
    this.#values[this.#read++] = undefined as T;
    this.weight -= this.#weigh(value);
    if (this.#read === this.#values.length) {
      this.#values = none;
      this.#read = 0;
    } else if (this.#read > 1024 && this.#read * 2 > this.#values.length) {
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
