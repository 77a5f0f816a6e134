import { create as message } from "@bufbuild/protobuf";
import { linkSignals } from "../../base/signals.ts";
import { type WatchCreateRequest, type WatchRequest, type WatchResponse, WatchResponseSchema } from "../../proto.ts";
import { Confluence } from "./confluence.ts";
import { ProxiedWatch, type ProxyCalls } from "./proxied-watch.ts";

/**
 * A call of Watch for etcd's `grpc-proxy`, which numbers watches as it likes and confirms them in any order: a call of
 * its own for each, whose responses come back under the ids that the page has chosen, and confirmed in its order.
 */
export class SplitWatch {
  readonly #calls: ProxyCalls;
  readonly #signal: AbortSignal;
  readonly #responses = new Confluence<WatchResponse>();
  /** What ends each watch, by its id. */
  readonly #ends = new Map<bigint, (reason: unknown) => void>();
  #nextId = 0n;
  /** Resolves when all creates so far have been answered. */
  #answered: Promise<void> = Promise.resolve();

  constructor(calls: ProxyCalls, signal: AbortSignal) {
    this.#calls = calls;
    this.#signal = signal;
  }

  /** Like etcd's, it goes on when the last watch has ended; once only. */
  async *responses(requests: AsyncIterable<WatchRequest>): AsyncGenerator<WatchResponse> {
    const left = (): void => this.#responses.fail(this.#signal.reason);
    this.#signal.addEventListener("abort", left, { once: true });
    this.#read(requests).catch((error: unknown) => this.#responses.fail(error));
    try {
      yield* this.#responses;
    } finally {
      this.#signal.removeEventListener("abort", left);
      for (const end of this.#ends.values()) end(undefined);
    }
  }

  async #read(requests: AsyncIterable<WatchRequest>): Promise<void> {
    for await (const { requestUnion: request } of requests) {
      if (request.case === "createRequest") this.#create(request.value);
      else if (request.case === "cancelRequest") await this.#cancel(request.value.watchId);
      // Of progress grpc-proxy tells what etcd tells it, unasked.
    }
  }

  #create(request: WatchCreateRequest): void {
    const watchId = request.watchId === 0n ? this.#unusedId() : request.watchId;
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    const turn = this.#answered;
    this.#answered = answered;
    const run = this.#ends.has(watchId) ? this.#refuse(turn) : this.#follow(request, watchId, turn, answer);
    run.then(answer, (error: unknown) => this.#responses.fail(error));
  }

  #unusedId(): bigint {
    while (this.#ends.has(this.#nextId)) this.#nextId++;
    return this.#nextId;
  }

  async #refuse(turn: Promise<void>): Promise<void> {
    await turn;
    const cancelReason = "mvcc: duplicate watch ID provided on the WatchStream";
    await this.#responses.put(
      message(WatchResponseSchema, { watchId: -1n, created: true, canceled: true, cancelReason }),
    );
  }

  async #follow(request: WatchCreateRequest, id: bigint, turn: Promise<void>, answer: () => void): Promise<void> {
    const own = linkSignals(this.#signal);
    this.#ends.set(id, own.abort);
    try {
      for await (const response of new ProxiedWatch(this.#calls, request, own.signal).responses()) {
        await turn;
        if (own.signal.aborted) return;
        const refused = response.created && response.canceled;
        response.watchId = refused ? -1n : id;
        await this.#responses.put(response);
        answer();
      }
    } catch (error) {
      if (!own.signal.aborted) throw error;
    } finally {
      own.unlink();
      this.#ends.delete(id);
    }
  }

  async #cancel(watchId: bigint): Promise<void> {
    const end = this.#ends.get(watchId);
    if (end === undefined) return; // nor does etcd answer that
    end(undefined);
    await this.#responses.put(message(WatchResponseSchema, { watchId, canceled: true }));
  }
}
