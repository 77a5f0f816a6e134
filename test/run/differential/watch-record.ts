import { create } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { type WatchRequest, WatchRequestSchema, type WatchResponse } from "../../../src/proto.ts";
import { toPlain } from "./plain.ts";
import type { Session } from "./session.ts";

type Request = NonNullable<NonNullable<Parameters<typeof create<typeof WatchRequestSchema>>[1]>["requestUnion"]>;

/** Stands on every stream, beside the program's own: its event is the last. */
export const sentinel: { readonly id: bigint; readonly key: Uint8Array } = {
  id: 9999n,
  key: Uint8Array.from([0xff, 0xff, 0xff]),
};

/** A Watch call and all it has heard. */
export class WatchRecord {
  /** Answers to creates and cancels, in order, and how the stream broke where it did. */
  readonly controls: unknown[] = [];
  /** Ends after a compaction: they come when the server gets to it. */
  readonly compacted = new Map<bigint, unknown>();
  /** The events of each watch, whatever responses they came in. */
  readonly events = new Map<bigint, unknown[]>();
  /** Watches that the client may still cancel. */
  readonly known = new Set<bigint>();
  ended = false;
  #answered = 0;
  readonly #session: Session;
  readonly #abort = new AbortController();
  readonly #requests: WatchRequest[] = [];
  #wake: () => void = () => {};
  #notify: () => void = () => {};

  private constructor(session: Session, token: number | undefined) {
    this.#session = session;
    void this.#read(token);
  }

  static async open(session: Session, token: number | undefined): Promise<WatchRecord> {
    const record = new WatchRecord(session, token);
    await record.create({ key: sentinel.key, watchId: sentinel.id });
    return record;
  }

  /** Puts the key that every stream has an eye on. */
  async create(value: object): Promise<void> {
    await this.#control({ case: "createRequest", value });
  }

  async cancel(watchId: bigint): Promise<void> {
    const value = { watchId };
    if (this.known.delete(watchId)) await this.#control({ case: "cancelRequest", value });
    else this.#send({ case: "cancelRequest", value });
  }

  /** Resolves when it has heard as much as the other one, or too late. */
  async catchUpWith(other: WatchRecord): Promise<void> {
    await this.#until(() => other.#heard <= this.#heard);
  }

  /** Resolves when both have heard the last event, and as much as the other, or too late. */
  async heardAs(other: WatchRecord): Promise<void> {
    await this.#until(() => this.#heardLast && other.#heardLast && other.#heard === this.#heard);
  }

  close(): void {
    this.#abort.abort();
  }

  /** Also where it could not stand on this stream, for lack of a permission. */
  get #heardLast(): boolean {
    return this.events.has(sentinel.id) || !this.known.has(sentinel.id) || this.ended;
  }

  get #heard(): number {
    return this.compacted.size + [...this.events.values()].reduce((sum, { length }) => sum + length, 0);
  }

  async #control(request: Request): Promise<void> {
    const before = this.#answered;
    this.#send(request);
    await this.#until(() => this.#answered > before);
  }

  #send(requestUnion: Request): void {
    this.#requests.push(create(WatchRequestSchema, { requestUnion }));
    this.#wake();
  }

  /** Gives up after a while: what is missing shows in the comparison. */
  async #until(condition: () => boolean): Promise<void> {
    const deadline = Date.now() + 5_000;
    while (!condition() && !this.ended && Date.now() < deadline) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100);
        this.#notify = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async #read(token: number | undefined): Promise<void> {
    const options = { signal: this.#abort.signal, headers: this.#session.headers(token) };
    try {
      for await (const response of this.#session.target.watch.watch(this.#outgoing(), options)) this.#take(response);
    } catch (error) {
      if (!this.#abort.signal.aborted) this.controls.push(ConnectError.from(error).message);
    }
    this.ended = true;
    this.#notify();
  }

  #take(response: WatchResponse): void {
    const { watchId, created, canceled, events } = response;
    if (created && !canceled) this.known.add(watchId);
    if (response.compactRevision > 0n) this.compacted.set(watchId, toPlain(response, this.#session));
    else if (created || canceled) {
      this.#answered++;
      this.controls.push(toPlain(response, this.#session));
    }
    if (events.length > 0) {
      const heard = events.map((event) => toPlain(event, this.#session));
      this.events.set(watchId, [...(this.events.get(watchId) ?? []), ...heard]);
    }
    this.#notify();
  }

  async *#outgoing(): AsyncGenerator<WatchRequest> {
    for (;;) {
      yield* this.#requests.splice(0);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (this.#requests.length > 0) resolve();
      });
    }
  }
}
