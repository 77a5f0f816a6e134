import { untilAborted } from "../base/signals.ts";

/**
 * Turns within the program. A key in a line is named by its lease, so that on the server two callers of one session
 * would be the same one, and both would hold the lock: here they wait for each other.
 */
export class Turns {
  readonly #ends = new Map<string, Promise<void>>();

  /** Waits for those who came before; gives the function that ends the turn. */
  async take(name: string, signal: AbortSignal): Promise<() => void> {
    const before = this.#ends.get(name);
    const end = this.#enter(name, before);
    try {
      if (before !== undefined) await untilAborted(before, signal);
      return end;
    } catch (error) {
      end();
      throw error;
    }
  }

  /** A turn if it is free now. */
  tryTake(name: string): (() => void) | undefined {
    return this.#ends.has(name) ? undefined : this.#enter(name, undefined);
  }

  // Who gives up while waiting still ends only after those before.
  #enter(name: string, before: Promise<void> | undefined): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    const ended = Promise.all([before, promise]).then(() => {
      if (this.#ends.get(name) === ended) this.#ends.delete(name);
    });
    this.#ends.set(name, ended);
    return resolve;
  }
}
