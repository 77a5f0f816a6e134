/**
 * The messages of a stream, which may be read from the start again until `settle`. A reader that leaves takes nothing
 * with it: what it was waiting for comes to the next one.
 */
export class Repeatable<T> {
  readonly #source: AsyncIterator<T>;
  readonly #read: Promise<IteratorResult<T>>[] = [];
  #settled = false;

  constructor(messages: AsyncIterable<T>) {
    this.#source = messages[Symbol.asyncIterator]();
  }

  /** All of them. One reader at a time. */
  read(): AsyncIterable<T> {
    let position = 0;
    // Not a generator: to end it one would have to wait for the next message.
    return {
      [Symbol.asyncIterator]: () => ({
        next: () => this.#at(position++),
        return: async () => ({ done: true, value: undefined }),
        throw: (error) => Promise.reject(error),
      }),
    };
  }

  /** There will be no other reader: nothing is kept from now on. */
  settle(): void {
    this.#settled = true;
  }

  #at(position: number): Promise<IteratorResult<T>> {
    const known = this.#read[position];
    if (known === undefined) {
      const next = this.#source.next();
      if (!this.#settled) this.#read.push(next);
      return next;
    }
    if (this.#settled) delete this.#read[position];
    return known;
  }
}
