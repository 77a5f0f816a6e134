import { Stream } from "../../base/stream.ts";

interface Given<T> {
  readonly value: T;
  readonly taken: () => void;
}

/** Several sequences as one, in the order in which values come. Each source waits until its value is taken. */
export class Confluence<T> {
  readonly #values = new Stream<Given<T>>();

  /** Resolves when the reader has taken it and wants more. */
  put(value: T): Promise<void> {
    return new Promise((taken) => this.#values.push({ value, taken }));
  }

  /** The first source that fails is the end of all. */
  fail(error: unknown): void {
    this.#values.abort({ error });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for await (const { value, taken } of this.#values) {
      yield value;
      taken();
    }
  }
}
