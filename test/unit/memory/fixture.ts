import { create } from "@bufbuild/protobuf";
import {
  type Client,
  Code,
  ConnectError,
  createClient,
  createRouterTransport,
  type Transport,
} from "@connectrpc/connect";
import { KV } from "../../../src/gen/etcdserverpb/kv_pb.ts";
import { Lease } from "../../../src/gen/etcdserverpb/lease_pb.ts";
import {
  Watch,
  type WatchRequest,
  WatchRequestSchema,
  type WatchResponse,
} from "../../../src/gen/etcdserverpb/watch_pb.ts";
import { Event_EventType as Type } from "../../../src/gen/mvccpb/kv_pb.ts";
import { createServer, type Server } from "../../../src/memory/server.ts";
import type { Clock } from "../../../src/platform/clock.ts";

/** Time that stands still until it is moved. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #timers = new Set<{ readonly at: number; readonly run: () => void }>();

  get timers(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(run: () => void, ms: number): () => void {
    if (ms > 2 ** 31 - 1) throw new RangeError("a platform's timer would fire at once");
    const timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves on, running on the way what is due, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.run();
    }
    this.#now = end;
  }
}

export interface Fixture {
  readonly clock: ManualClock;
  readonly server: Server;
  readonly transport: Transport;
  readonly kv: Client<typeof KV>;
  readonly lease: Client<typeof Lease>;
  readonly watch: Client<typeof Watch>;
}

export function startMemory(): Fixture {
  const clock = new ManualClock();
  let drawn = 0n;
  // Beyond 2^53, and the same in every run.
  const random = (): bigint => (1n << 60n) + ++drawn;
  const server = createServer({ clock, progressIntervalMs: 10_000, random });
  const transport = createRouterTransport(server.routes);
  const [kv, lease, watch] = [
    createClient(KV, transport),
    createClient(Lease, transport),
    createClient(Watch, transport),
  ];
  return { clock, server, transport, kv, lease, watch };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const bytes = (text: string): Uint8Array => encoder.encode(text);
export const text = (data: Uint8Array | undefined): string => decoder.decode(data);
/** The end of "from the key on". */
export const fromKey: Uint8Array = bytes("\0");

type Request = NonNullable<Parameters<typeof create<typeof WatchRequestSchema>>[1]>["requestUnion"];

/** A Watch call driven by hand. */
export class WatchCall {
  readonly controller = new AbortController();
  readonly #responses: AsyncIterator<WatchResponse>;
  #pending: WatchRequest[] = [];
  #wake: () => void = () => {};
  #finished = false;

  constructor(watch: Client<typeof Watch>) {
    this.#responses = watch.watch(this.#requests(), { signal: this.controller.signal })[Symbol.asyncIterator]();
  }

  send(...requests: NonNullable<Request>[]): this {
    this.#pending.push(...requests.map((requestUnion) => create(WatchRequestSchema, { requestUnion })));
    this.#wake();
    return this;
  }

  /** Half-closes, as every gRPC-Web client does at once. */
  finish(): this {
    this.#finished = true;
    this.#wake();
    return this;
  }

  async next(): Promise<WatchResponse> {
    const { done, value } = await this.#responses.next();
    if (done) throw new Error("the watch stream has ended");
    return value;
  }

  async take(count: number): Promise<WatchResponse[]> {
    const taken: WatchResponse[] = [];
    while (taken.length < count) taken.push(await this.next());
    return taken;
  }

  abort(): void {
    this.controller.abort();
  }

  async *#requests(): AsyncGenerator<WatchRequest> {
    for (;;) {
      yield* this.#pending.splice(0);
      if (this.#finished) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (this.#pending.length > 0 || this.#finished) resolve();
      });
    }
  }
}

export const createRequest = (
  value: Extract<NonNullable<Request>, { case: "createRequest" }>["value"],
): NonNullable<Request> => ({ case: "createRequest", value });
export const cancelRequest = (watchId: bigint): NonNullable<Request> => ({ case: "cancelRequest", value: { watchId } });
export const progressRequest: NonNullable<Request> = { case: "progressRequest", value: {} };

/** A whole turn of the event loop: everything that can settle without a timer has. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** How a call was refused: code and etcd's own words. */
export async function refusal(call: Promise<unknown>): Promise<readonly [string, string]> {
  try {
    await call;
  } catch (error) {
    const { code, rawMessage } = ConnectError.from(error);
    return [Code[code] ?? "", rawMessage];
  }
  throw new Error("the call was not refused");
}

/** Everything a stream sends. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of stream) all.push(each);
  return all;
}

/** An event in a word: "put k 3", "delete k 4". */
export function words({ events }: WatchResponse): string[] {
  return events.map(({ type, kv }) => `${type === Type.PUT ? "put" : "delete"} ${text(kv?.key)} ${kv?.modRevision}`);
}

/** What a response says beside its events. */
export function outcome({ watchId, created, canceled, cancelReason, compactRevision, header }: WatchResponse) {
  return { watchId, created, canceled, cancelReason, compactRevision, revision: header?.revision };
}
