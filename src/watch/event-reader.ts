import type { WatchBatch, WatchEvent } from "./events.ts";

/** The events of batches, one by one. Reads that wait keep their order; leaving is at once. */
export class EventReader implements AsyncIterator<WatchEvent, undefined> {
  readonly #batches: Required<Pick<AsyncIterator<WatchBatch, undefined>, "next" | "return">>;
  #events: readonly WatchEvent[] = [];
  #read = 0;
  /** The last of the reads that wait. */
  #last: Promise<unknown> | undefined;

  constructor(batches: Required<Pick<AsyncIterator<WatchBatch, undefined>, "next" | "return">>) {
    this.#batches = batches;
  }

  next(): Promise<IteratorResult<WatchEvent, undefined>> {
    const event = this.#last === undefined ? this.#events[this.#read] : undefined;
    if (event !== undefined) {
      this.#read++;
      return Promise.resolve({ done: false, value: event });
    }
    return this.#wait();
  }

  return(): Promise<IteratorResult<WatchEvent, undefined>> {
    this.#events = [];
    this.#read = 0;
    return this.#batches.return() as Promise<IteratorReturnResult<undefined>>;
  }

  #wait(): Promise<IteratorResult<WatchEvent, undefined>> {
    const read = this.#last === undefined ? this.#pull() : this.#last.then(() => this.#pull());
    const settled: Promise<unknown> = read
      .catch(() => {})
      .then(() => {
        if (this.#last === settled) this.#last = undefined;
      });
    this.#last = settled;
    return read;
  }

  async #pull(): Promise<IteratorResult<WatchEvent, undefined>> {
    for (;;) {
      const event = this.#events[this.#read];
      if (event !== undefined) {
        this.#read++;
        return { done: false, value: event };
      }
      const batch = await this.#batches.next();
      if (batch.done) return { done: true, value: undefined };
      this.#events = batch.value.events;
      this.#read = 0;
    }
  }
}
