import { type WatchBatch, weightOf } from "../../watch/events.ts";
import type { Cover } from "./messages.ts";

/** About how many bytes are kept. */
const mostKept = 1024 * 1024;

type Span = Omit<Cover, "topic">;

/** The last that a watch has given, for those who come, or come back, a little later. */
export class Backlog {
  #from: bigint;
  #next: bigint;
  #batches: WatchBatch[] = [];
  #weight = 0;

  constructor(start: bigint) {
    this.#from = start;
    this.#next = start;
  }

  /** What came before it is not kept. */
  get from(): bigint {
    return this.#from;
  }

  /** What comes next is not here yet. */
  get next(): bigint {
    return this.#next;
  }

  /** Whether who has had everything before `next` can go on from here. */
  covers(next: bigint): boolean {
    return next >= this.#from;
  }

  /** Everything that is kept from `next` on. */
  since(next: bigint): Span {
    const from = next < this.#from ? this.#from : next > this.#next ? this.#next : next;
    return { from, next: this.#next, batches: this.#batches.filter(({ revision }) => revision >= next) };
  }

  /** Keeps a batch, and gives it as a cover. */
  add(batch: WatchBatch): Span {
    const from = this.#next;
    if (batch.revision >= from) this.#next = batch.revision + 1n;
    const batches = batch.events.length > 0 ? [batch] : []; // a bookmark is said by `next`
    this.#batches.push(...batches);
    this.#weight += weightOf(batch) * batches.length;
    while (this.#weight > mostKept) this.#drop();
    return { from, next: this.#next, batches };
  }

  #drop(): void {
    const first = this.#batches.shift();
    if (first === undefined) return;
    this.#weight -= weightOf(first);
    this.#from = first.revision + 1n;
  }
}
