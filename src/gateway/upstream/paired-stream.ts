/**
 * A stream with one answer to each request, such as LeaseKeepAlive. The requests end when all are answered, not before:
 * `grpc-proxy` drops the answers it still owes. What the other side says after that is of no interest.
 */
export class PairedStream<I> {
  readonly #requests: AsyncIterable<I>;
  #unanswered = 0;
  #allSent = false;
  readonly #settled = Promise.withResolvers<void>();

  constructor(requests: AsyncIterable<I>) {
    this.#requests = requests;
  }

  /** @param open makes the call with the requests it is given */
  async *answers<O>(open: (requests: AsyncIterable<I>) => Promise<AsyncIterable<O>>): AsyncGenerator<O> {
    try {
      for await (const answer of await open(this.#held())) {
        yield answer;
        this.#unanswered--;
        this.#check();
      }
    } catch (error) {
      if (!this.#isSettled()) throw error;
    } finally {
      this.#settled.resolve();
    }
  }

  async *#held(): AsyncGenerator<I> {
    for await (const request of this.#requests) {
      this.#unanswered++;
      yield request;
    }
    this.#allSent = true;
    this.#check();
    await this.#settled.promise;
  }

  #check(): void {
    if (this.#isSettled()) this.#settled.resolve();
  }

  #isSettled(): boolean {
    return this.#allSent && this.#unanswered <= 0;
  }
}
