/**
 * The answers of one stream, pushed by the server and pulled by its one reader. It ends at once, also while the reader
 * waits: a generator's `return()` would queue behind a `next()` that may not settle for hours.
 */
export class Outbox<T> implements AsyncIterableIterator<T, undefined> {
  readonly #refill: () => void;
  readonly #onEnd: () => void;
  #queue: T[] = [];
  #end: { readonly error?: unknown } | undefined;
  #reader: PromiseWithResolvers<IteratorResult<T, undefined>> | undefined;

  /**
   * @param refill asked for more when the reader finds nothing; pushes what there is
   * @param onEnd runs once, when either side has ended
   */
  constructor(refill: () => void, onEnd: () => void) {
    this.#refill = refill;
    this.#onEnd = onEnd;
  }

  /** What waits for the reader. */
  get length(): number {
    return this.#queue.length;
  }

  get ended(): boolean {
    return this.#end !== undefined;
  }

  push(value: T): void {
    if (this.#end) return;
    if (!this.#reader) {
      this.#queue.push(value);
      return;
    }
    this.#reader.resolve({ done: false, value });
    this.#reader = undefined;
  }

  /** Ends after what has been pushed; an error comes last. */
  end(end: { readonly error?: unknown } = {}): void {
    if (this.#end) return;
    this.#end = end;
    this.#reader?.resolve(this.#last());
    this.#reader = undefined;
    this.#onEnd();
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    if (this.#queue.length === 0 && !this.#end) this.#refill();
    if (this.#queue.length > 0) return { done: false, value: this.#queue.shift() as T };
    if (this.#end) return this.#last();
    this.#reader = Promise.withResolvers();
    return this.#reader.promise;
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#queue = [];
    this.end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #last(): IteratorResult<T, undefined> | Promise<IteratorResult<T, undefined>> {
    const error = this.#end?.error;
    this.#end = {};
    return error === undefined ? { done: true, value: undefined } : Promise.reject(error);
  }
}
