import { EtcdError } from "../base/errors.ts";
import { linkSignals, untilAborted } from "../base/signals.ts";
import type { ClientInside } from "../client/inside.ts";
import { Maintenance, type SnapshotResponse } from "../gen/etcdserverpb/maintenance_pb.ts";
import { isStale } from "../transport/authenticated.ts";
import { toTimeout } from "../transport/caller.ts";
import { toEtcdError } from "../transport/to-etcd-error.ts";
import type { EndpointOptions } from "./maintenance.ts";
import { SnapshotCheck } from "./snapshot-check.ts";

/** How far a snapshot has come, in bytes. */
export interface SnapshotProgress {
  /** Bytes so far. */
  readonly received: number;
  /** Bytes to come. */
  readonly remaining: number;
  /** Bytes in all. */
  readonly total: number;
}

/** What a snapshot takes. */
export interface SnapshotOptions extends EndpointOptions {
  /** Called after each part has been received, which may be 1 MiB before it is read. */
  readonly onProgress?: ((progress: SnapshotProgress) => void) | undefined;
}

/** Bytes that are received ahead of the reader. */
const mostAhead = 1024 * 1024;
const what = "Maintenance.Snapshot";

/** The bytes of a snapshot as they come, with an error in place of an end where they are not whole. */
export function openSnapshot(client: ClientInside, options: SnapshotOptions): ReadableStream<Uint8Array<ArrayBuffer>> {
  const source = new SnapshotSource(client, options);
  return new ReadableStream(source, { highWaterMark: mostAhead, size: (part) => part.byteLength });
}

// Read as it is asked for: what the reader leaves is left with the proxy, whose window for one stream is bounded. It is
// at the most one stream of a client, unlike watches, and it may be larger than any memory.
class SnapshotSource implements UnderlyingDefaultSource<Uint8Array<ArrayBuffer>> {
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #answers: AsyncIterator<SnapshotResponse>;
  readonly #onProgress: SnapshotOptions["onProgress"];
  readonly #release: () => void;
  readonly #opened: () => void;
  #check: SnapshotCheck | undefined;

  constructor({ at, platform, timeoutMs: ofClient }: ClientInside, options: SnapshotOptions) {
    const { endpoint, signal: own, timeoutMs = ofClient, headers, onProgress } = options;
    const caller = at(endpoint);
    const patience = toTimeout(timeoutMs);
    const { signal, unlink } = linkSignals(own, caller.closed, this.#stop.signal);
    const late = new EtcdError("timeout", `it did not begin within ${patience} ms`);
    this.#signal = signal;
    this.#release = unlink;
    this.#opened = patience === 0 ? () => {} : platform.setTimeout(() => this.#stop.abort(late), patience);
    this.#answers = answersOf(() => caller.stream(Maintenance.method.snapshot, [{}], { signal, headers }));
    this.#onProgress = onProgress;
  }

  start(controller: ReadableStreamDefaultController): void {
    const fail = (): void => {
      controller.error(this.#toError(this.#signal.reason));
      this.#end();
    };
    if (this.#signal.aborted) fail();
    else this.#signal.addEventListener("abort", fail, { once: true });
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>): Promise<void> {
    try {
      const answer = await this.#next();
      if (answer === undefined) return controller.close();
      controller.enqueue(new Uint8Array(answer.blob));
    } catch (error) {
      controller.error(this.#toError(error));
      return this.cancel();
    }
    this.#tell(controller);
  }

  cancel(): void {
    this.#stop.abort();
    this.#end();
  }

  /** Undefined: it has ended, and is whole. */
  async #next(): Promise<SnapshotResponse | undefined> {
    const { done, value } = await untilAborted(this.#answers.next(), this.#signal);
    this.#opened();
    if (!done) {
      this.#check ??= new SnapshotCheck(value);
      this.#check.add(value.blob);
      return value;
    }
    (this.#check ?? new SnapshotCheck()).finish();
    this.#end();
    return undefined;
  }

  #tell(controller: ReadableStreamDefaultController): void {
    try {
      this.#onProgress?.((this.#check as SnapshotCheck).progress);
    } catch (error) {
      controller.error(error);
      this.cancel();
    }
  }

  #toError(error: unknown): EtcdError {
    return toEtcdError(error, { what, write: false, signal: this.#signal });
  }

  #end(): void {
    this.#opened();
    this.#release();
  }
}

/** One that is refused for its token, which etcd says before anything else, is opened once more: with another token. */
async function* answersOf(
  open: () => Promise<AsyncIterable<SnapshotResponse>>,
): AsyncGenerator<SnapshotResponse, undefined> {
  let mayOpenAnew = true;
  for (;;) {
    try {
      for await (const answer of await open()) {
        mayOpenAnew = false;
        yield answer;
      }
      return;
    } catch (error) {
      if (!mayOpenAnew || !isStale(error)) throw error;
      mayOpenAnew = false;
    }
  }
}
