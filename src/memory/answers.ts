import { Code, ConnectError } from "@connectrpc/connect";
import { type End, Stream } from "../base/stream.ts";
import type { Connection, Core } from "./core.ts";

/** Who sends the answers of a call. */
export interface Sender {
  /** Its watchers; 0 where it is no watch. */
  readonly watchers?: number;
  /** The reader has taken all there was: the time to send more. */
  refill?(): void;
  /** The call has ended, from whichever side. */
  closed(): void;
}

/** The answers of one call that stays open: until it is aborted, the server cuts it, or either side ends it. */
export class Answers<T> implements Connection {
  /** For the reader. */
  readonly stream: Stream<T>;
  readonly #core: Core;
  readonly #signal: AbortSignal;
  readonly #sender: Sender;
  #ended = false;

  constructor(core: Core, signal: AbortSignal, connect: (answers: Answers<T>) => Sender) {
    this.#core = core;
    this.#signal = signal;
    this.stream = new Stream({
      left: () => this.#close(),
      drained: () => this.#sender.refill?.(),
      weigh: () => 1,
    });
    this.#sender = connect(this);
    core.connections.add(this);
    signal.addEventListener("abort", this.#abort);
    if (signal.aborted) this.#abort();
  }

  get watchers(): number {
    return this.#sender.watchers ?? 0;
  }

  /** How many wait for the reader. */
  get length(): number {
    return this.stream.weight;
  }

  get ended(): boolean {
    return this.#ended;
  }

  push(answer: T): void {
    this.stream.push(answer);
  }

  /** Ends after what has been pushed; an error comes last. */
  end(end?: End): void {
    this.stream.end(end);
    this.#close();
  }

  cut(error: ConnectError): void {
    this.end({ error });
  }

  readonly #abort = (): void => this.end({ error: ConnectError.from(this.#signal.reason, Code.Canceled) });

  #close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#signal.removeEventListener("abort", this.#abort);
    this.#core.connections.delete(this);
    this.#sender.closed();
  }
}
