import type { Message } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { untilAborted } from "../../base/signals.ts";

/** How the requests of one call are judged, and what becomes of those that are refused. */
export interface GateRules {
  readonly check: (request: Message) => ConnectError | undefined;
  /** Whether a request has an answer of its own, in its turn; a refusal is then given as that. */
  readonly isAnswered: (request: Message) => boolean;
  readonly isAnswer: (response: Message) => boolean;
  readonly answerTo: (refusal: ConnectError) => Message;
}

/** What a request waits for: its answer from behind, or the one that is given in its place. */
type Owed = "answer" | Message;

/**
 * Lets the requests of a stream through one by one. Behind it nothing is opened before the first of them has passed. A
 * refused request is answered in its turn, since answers are told apart by their order; where none has passed, the
 * refusal is the end of the call.
 */
export class StreamGate {
  readonly #source: AsyncIterator<Message>;
  readonly #rules: GateRules;
  readonly #signal: AbortSignal;
  readonly #owed: Owed[] = [];
  /** Where in `#owed` the one is whose turn it is: an array gives its first away only by moving all others. */
  #turn = 0;
  #first: Message | undefined;
  #lastRefusal: ConnectError | undefined;
  #failure: { readonly error: unknown } | undefined;
  /** No request will come any more. */
  #complete = false;
  #news = Promise.withResolvers<undefined>();

  /** @param signal ends the waiting for the first request */
  constructor(requests: AsyncIterable<Message>, rules: GateRules, signal: AbortSignal) {
    this.#source = requests[Symbol.asyncIterator]();
    this.#rules = rules;
    this.#signal = signal;
  }

  /** Those that have passed, for whoever is behind. */
  async *requests(): AsyncGenerator<Message> {
    for (let request = this.#first; request !== undefined; request = await this.#nextThatPasses()) yield request;
  }

  /** The answers, with those of the gate among them. `behind` is read only when a request has passed. */
  async *answers(behind: AsyncIterable<Message>): AsyncGenerator<Message> {
    this.#first = await untilAborted(this.#nextThatPasses(), this.#signal);
    yield* this.#due();
    if (this.#first === undefined) return this.#end(this.#lastRefusal);
    const iterator = behind[Symbol.asyncIterator]();
    try {
      yield* this.#between(iterator);
    } finally {
      // Not waited for: it may hang until its call is aborted, which comes after this.
      iterator.return?.().catch(() => {});
    }
  }

  async *#between(iterator: AsyncIterator<Message>): AsyncGenerator<Message> {
    let next = heard(iterator.next());
    for (;;) {
      yield* this.#due();
      if (this.#failure !== undefined) throw this.#failure.error;
      // A race leaves a reaction behind on the promise that has not settled: only while requests come.
      const result = this.#complete ? await next : await Promise.race([next, this.#news.promise]);
      if (result === undefined) continue;
      if (result.done) return;
      yield result.value;
      if (this.#rules.isAnswer(result.value)) this.#settle();
      next = heard(iterator.next());
    }
  }

  /** The refusals whose turn has come. */
  *#due(): Iterable<Message> {
    for (;;) {
      const owed = this.#owed[this.#turn];
      if (owed === undefined || owed === "answer") return;
      this.#settle();
      yield owed;
    }
  }

  /** The one whose turn it is has its answer. */
  #settle(): void {
    this.#turn++;
    if (this.#turn >= this.#owed.length) this.#owed.length = this.#turn = 0;
  }

  async #nextThatPasses(): Promise<Message | undefined> {
    try {
      while (!this.#complete) {
        const { done, value } = await this.#source.next();
        if (done) this.#finish();
        else if (this.#passes(value)) return value;
      }
    } catch (error) {
      this.#failure = { error };
      this.#finish();
    }
    return undefined;
  }

  #passes(request: Message): boolean {
    const refusal = this.#rules.check(request);
    const isAnswered = this.#rules.isAnswered(request);
    if (refusal === undefined) {
      if (isAnswered) this.#owed.push("answer");
      return true;
    }
    if (!isAnswered) throw refusal;
    this.#lastRefusal = refusal;
    this.#owed.push(this.#rules.answerTo(refusal));
    this.#tell();
    return false;
  }

  #finish(): void {
    this.#complete = true;
    this.#tell();
  }

  #tell(): void {
    this.#news.resolve(undefined);
    this.#news = Promise.withResolvers();
  }

  #end(refusal: ConnectError | undefined): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (refusal !== undefined) throw refusal;
  }
}

/** A rejection of it is no unhandled one, should nobody come to wait for it. */
function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
