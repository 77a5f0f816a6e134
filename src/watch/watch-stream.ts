import type { MessageInitShape } from "@bufbuild/protobuf";
import { EtcdError } from "../base/errors.ts";
import { type WatchRequestSchema, type WatchResponse, Watch as WatchService } from "../gen/etcdserverpb/watch_pb.ts";
import type { Event } from "../gen/mvccpb/kv_pb.ts";
import type { Clock } from "../platform/clock.ts";
import type { Caller } from "../transport/caller.ts";
import type { Endpoint } from "../transport/endpoints.ts";
import { toEtcdError } from "../transport/to-etcd-error.ts";
import { toCancelError } from "./cancel-error.ts";
import type { Follower } from "./follower.ts";
import { advance, type Position, type Step } from "./position.ts";
import { rangeOf } from "./subject.ts";

/** Who is told how a stream does. */
export interface StreamListener {
  /** A create was confirmed by a member of this cluster (0n: a proxy that does not say) at this revision. */
  met(clusterId: bigint, revision: bigint): void;
  /** The server has confirmed this watch. */
  confirmed(follower: Follower): void;
  /** Every create has been answered. */
  answered(stream: WatchStream): void;
  /** Its bookmarks have been seen to come, or to come more often. */
  paced(): void;
  /** A watch has come so far: the revision exists. */
  reached(stream: WatchStream, revision: bigint): void;
  /** The server has ended one watch of it; `reopened`: it had been confirmed before, on another stream. */
  canceled(stream: WatchStream, follower: Follower, error: EtcdError, reopened: boolean): void;
  /** It is over: lost, or ended by the server. Not called after `close()`. */
  ended(stream: WatchStream, error: EtcdError): void;
}

/** A follower's place on one stream. */
class Slot implements Position {
  readonly follower: Follower;
  /** The revision that it asked for. */
  readonly start: bigint;
  /** A server had confirmed it before. */
  readonly reopened: boolean;
  confirmed = false;
  fragments: Event[] | undefined;
  /** When its last bookmark came, if nothing has come since, and how long after the one before. */
  bookmarkedAt: number | undefined;
  interval: number | undefined;

  constructor(follower: Follower) {
    this.follower = follower;
    this.start = this.next;
    this.reopened = follower.wasOpen;
  }

  /** The watch's own: it may be on two streams at a time, and takes each revision from whichever is first. */
  get next(): bigint {
    return this.follower.next ?? 0n;
  }

  set next(next: bigint) {
    this.follower.next = next;
  }
}

/**
 * Many watches on one call. Its body holds all the creates, so the set is fixed: a watch can leave (it is not listened to
 * any more), none can come. Their ids are ours, 1 to N, but a server may number them itself (etcd's grpc-proxy does):
 * creates are answered in order, and the answer says which id is meant from then on.
 */
export class WatchStream {
  readonly #caller: Caller;
  readonly #clock: Pick<Clock, "now">;
  readonly #listener: StreamListener;
  readonly #abort = new AbortController();
  readonly #slots = new Map<Follower, Slot>();
  /** Ids are small, whoever chose them. */
  readonly #byId: (Slot | undefined)[] = [];
  #unanswered: Slot[];
  /** Watches that have left, but not the server. */
  dead = 0;
  /** The highest revision that the server has named. */
  revision = 0n;
  /** When it was opened, when something last came, and when a probe last said that nothing had to. */
  readonly openedAt: number;
  heardAt: number;
  aliveAt: number;
  /** A watch of it began before the revision that the server named when it confirmed it. */
  wasBehind = false;
  /** It is to be replaced: it may be dead, or is about to be cut. */
  worn = false;
  /** How often the server sends bookmarks, once it has been seen to. */
  progressMs: number | undefined;
  /** Where it goes. */
  endpoint: Pick<Endpoint, "failed"> | undefined;
  /** Asked for in parts: etcd's `fragment`. */
  readonly inParts: boolean;

  constructor(
    caller: Caller,
    clock: Pick<Clock, "now">,
    listener: StreamListener,
    followers: Iterable<Follower>,
    inParts = false,
  ) {
    this.inParts = inParts;
    this.#caller = caller;
    this.#clock = clock;
    this.#listener = listener;
    this.openedAt = this.heardAt = this.aliveAt = clock.now();
    for (const follower of followers) {
      this.#slots.set(follower, new Slot(follower));
    }
    this.#unanswered = [...this.#slots.values()];
  }

  /** The watches on it. */
  get followers(): IterableIterator<Follower> {
    return this.#slots.keys();
  }

  get size(): number {
    return this.#slots.size;
  }

  /** The furthest revision that a watch of it goes on from. */
  get furthest(): bigint {
    let furthest = 0n;
    for (const { next } of this.#slots.values()) if (next > furthest) furthest = next;
    return furthest;
  }

  has(follower: Follower): boolean {
    return this.#slots.has(follower);
  }

  /** Runs until it is closed or over; never rejects. */
  async run(headers: Headers): Promise<void> {
    const { signal } = this.#abort;
    const error = await this.#follow(headers, signal).catch((error: unknown) =>
      toEtcdError(error, { what: "Watch", write: false }),
    );
    if (signal.aborted) return;
    // Connect does not notice that nobody reads any more.
    this.close();
    this.#listener.ended(this, error);
  }

  /** A watch leaves; with the last one the call ends. */
  drop(follower: Follower): void {
    if (!this.has(follower)) return;
    this.dead++;
    this.#remove(follower);
  }

  /** Ends the call; the server drops its watches. */
  close(): void {
    this.#abort.abort();
  }

  /** Every create has been answered. */
  get answered(): boolean {
    return this.#unanswered.length === 0;
  }

  get closed(): boolean {
    return this.#abort.signal.aborted;
  }

  async #follow(headers: Headers, signal: AbortSignal): Promise<EtcdError> {
    const requests = createRequests([...this.#unanswered], this.inParts); // a copy: answers may come while requests still go
    const responses = await this.#caller.stream(WatchService.method.watch, requests, { signal, headers });
    for await (const response of responses) {
      if (signal.aborted) break;
      this.#take(response);
    }
    return new EtcdError("unavailable", "Watch: the server ended the stream");
  }

  #take(response: WatchResponse): void {
    const revision = response.header?.revision ?? 0n;
    if (revision > this.revision) this.revision = revision;
    this.heardAt = this.#clock.now();
    if (this.answered || response.created) this.aliveAt = this.heardAt; // what else comes is no answer to creates
    if (response.created) this.#answer(response);
    else if (response.watchId === -1n) this.#advanceAll(response);
    else {
      const slot = this.#byId[Number(response.watchId)];
      if (slot) this.#advance(slot, response);
    }
  }

  // A bookmark for all may overtake the answers to creates, and says nothing before the last of them.
  #advanceAll(response: WatchResponse): void {
    if (this.answered) for (const slot of [...this.#slots.values()]) this.#advance(slot, response);
  }

  // A refused create carries any id: -1, or on old servers 0 or the one asked for. Its turn says which one it was.
  #answer(response: WatchResponse): void {
    const slot = this.#unanswered.shift();
    if (slot === undefined) return;
    const { clusterId = 0n, revision = 0n } = response.header ?? {};
    this.#listener.met(clusterId, revision);
    if (!response.canceled) this.#byId[Number(response.watchId)] = slot;
    if (slot.start <= this.revision) this.wasBehind = true;
    this.#advance(slot, response);
    if (this.#unanswered.length === 0) this.#listener.answered(this);
  }

  #advance(slot: Slot, response: WatchResponse): void {
    if (!this.#slots.has(slot.follower)) return;
    const step = advance(slot, response);
    this.#learnProgress(slot, step);
    this.#tell(slot, step);
  }

  // A bookmark is left out where there were events since the last tick, so only those in a row tell the interval.
  #learnProgress(slot: Slot, step: Step): void {
    const { bookmarkedAt, interval: before } = slot;
    // After a stall or a thaw several come at once, which is no rate: etcd sends none within 100 ms.
    if (step.kind === "bookmark" && bookmarkedAt !== undefined && this.heardAt - bookmarkedAt < 100) return;
    slot.bookmarkedAt = step.kind === "bookmark" ? this.heardAt : undefined;
    slot.interval = bookmarkedAt === undefined ? undefined : this.heardAt - bookmarkedAt;
    if (step.kind !== "bookmark" || slot.interval === undefined || before === undefined) return;
    // One that was held up comes late, and the next one soon after: the longer of two intervals is nearer the truth.
    const interval = Math.max(before, slot.interval);
    if (this.progressMs !== undefined && interval >= this.progressMs) return;
    this.progressMs = interval;
    this.#listener.paced();
  }

  #tell({ follower, reopened }: Slot, step: Step): void {
    switch (step.kind) {
      case "nothing":
        break;
      case "confirmed":
        this.#listener.confirmed(follower);
        follower.confirmed();
        break;
      case "revisions":
        this.#listener.reached(this, step.revisions.at(-1)?.revision ?? 0n);
        follower.revisions(step.revisions);
        break;
      case "bookmark":
        this.#listener.reached(this, step.revision);
        follower.bookmark(step.revision);
        break;
      case "compacted":
      case "canceled":
        this.#remove(follower);
        this.#listener.canceled(this, follower, toCancelError(step), reopened);
        break;
      default:
        step satisfies never;
    }
  }

  #remove(follower: Follower): void {
    this.#slots.delete(follower);
    if (this.size === 0) this.close();
  }
}

type Request = MessageInitShape<typeof WatchRequestSchema>;

function* createRequests(slots: readonly Slot[], fragment: boolean): Iterable<Request> {
  for (const [index, slot] of slots.entries()) yield createRequest(slot, index, fragment);
}

function createRequest({ follower, start }: Slot, index: number, fragment: boolean): Request {
  const { prevKv, filters } = follower.subject;
  const value = {
    ...rangeOf(follower.subject),
    startRevision: start,
    prevKv,
    filters: [...filters],
    progressNotify: true,
    fragment,
    watchId: BigInt(index + 1),
  };
  return { requestUnion: { case: "createRequest", value } };
}
