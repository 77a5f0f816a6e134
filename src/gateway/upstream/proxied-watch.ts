import { Code, ConnectError } from "@connectrpc/connect";
import { compareBytes } from "../../base/bytes.ts";
import type { Clock } from "../../platform/clock.ts";
import {
  type Event,
  Event_EventType as EventType,
  WatchCreateRequest_FilterType as Filter,
  type WatchCreateRequest,
  type WatchResponse,
} from "../../proto.ts";
import { inParts } from "./in-parts.ts";
import { oneWatch } from "./one-watch.ts";
import { isBookmark, type OpenWatch } from "./open-watch.ts";
import { ownRange } from "./own-range.ts";

/** What is asked of `grpc-proxy`. */
export interface ProxyCalls {
  readonly open: OpenWatch;
  /** The present revision, by a linearizable read of this key. */
  readonly revision: (key: Uint8Array, signal: AbortSignal) => Promise<bigint>;
  readonly clock: Clock;
}

/** etcd sends the past in responses of so many revisions. */
const revisionsPerBatch = 1_000;
/** As far behind the past still comes in one, though it grows meanwhile. */
const near = 500n;

/**
 * One watch through etcd's `grpc-proxy`, which makes one of equal watches. It takes a watch that has had one response of
 * the past for one that has had them all, joins it with others that have, and what was still to come is lost, to any of
 * them. So what needs more than one response is read from a range of its own, which nothing is joined with, and the
 * watch goes on at the common one from there.
 */
export class ProxiedWatch {
  readonly #calls: ProxyCalls;
  readonly #create: WatchCreateRequest;
  readonly #signal: AbortSignal;
  #next: bigint;
  /** The page has heard that there is the watch. */
  #confirmed = false;
  #mayBeAlone = true;

  constructor(calls: ProxyCalls, create: WatchCreateRequest, signal: AbortSignal) {
    this.#calls = calls;
    this.#create = create;
    this.#signal = signal;
    this.#next = create.startRevision;
  }

  /** What the page is to hear, under any id; it ends when the watch has. */
  async *responses(): AsyncGenerator<WatchResponse> {
    for (;;) {
      const alone = (await this.#isFar()) ? ownRange(this.#create) : undefined;
      let done = false;
      for await (const response of this.#open(alone)) {
        if (alone !== undefined && this.#isRefused(response)) {
          this.#mayBeAlone = false; // a single key may be allowed, and no range
          done = true;
          break;
        }
        const next = nextOf(response, alone !== undefined);
        yield* this.#tidied(response);
        if (response.canceled) return;
        if (next === undefined || next <= this.#next) continue;
        this.#next = next;
        done = true;
        break;
      }
      if (!done) throw new ConnectError("grpc-proxy ended the watch", Code.Unavailable);
    }
  }

  async #isFar(): Promise<boolean> {
    if (this.#next <= 0n || !this.#mayBeAlone) return false;
    const { key } = this.#create;
    const present = await this.#calls.revision(key, this.#signal).catch((error: unknown) => {
      if (ConnectError.from(error).code === Code.Unavailable) throw error;
      return 0n; // what may not be read is refused as a watch too, in words that a page looks for there
    });
    return present - this.#next > near;
  }

  /** A call of its own, which ends with its reader. */
  #open(alone: Partial<WatchCreateRequest> = {}): AsyncGenerator<WatchResponse> {
    // The filters are ours to apply: with events left out nobody could tell where a response of the past ends.
    const value = { ...this.#create, startRevision: this.#next, ...alone, filters: [], fragment: false };
    return oneWatch(this.#calls, { requestUnion: { case: "createRequest", value } }, this.#signal);
  }

  #isRefused({ created, canceled }: WatchResponse): boolean {
    return created && canceled && this.#create.rangeEnd.length === 0;
  }

  /** Without what the page did not ask for, or has heard already. */
  *#tidied(response: WatchResponse): Iterable<WatchResponse> {
    if (response.created && this.#confirmed) {
      if (!response.canceled) return;
      response.created = false; // it was, and is refused now
    }
    if (response.created) this.#confirmed = true;
    if (response.events.length > 0) {
      this.#keepWanted(response);
      if (response.events.length === 0 && !response.canceled) return;
    }
    yield* this.#create.fragment ? inParts(response) : [response];
  }

  #keepWanted(response: WatchResponse): void {
    const { key, rangeEnd, filters, prevKv } = this.#create;
    const [puts, deletes] = [!filters.includes(Filter.NOPUT), !filters.includes(Filter.NODELETE)];
    response.events = response.events.filter(({ type, kv }) => {
      const inRange = rangeEnd.length > 0 || (kv !== undefined && compareBytes(kv.key, key) === 0);
      return inRange && (type === EventType.DELETE ? deletes : puts);
    });
    if (!prevKv) for (const event of response.events) delete event.prevKv;
  }
}

/**
 * Where to open it anew. At the common range: behind a response that may not have been the last of the past. Alone:
 * behind one that was, or a bookmark, to come back to the others.
 */
function nextOf(response: WatchResponse, alone: boolean): bigint | undefined {
  const { events, header, created } = response;
  const present = header?.revision ?? 0n;
  if (created) return undefined;
  if (alone && isBookmark(response)) return present + 1n;
  const last = events.at(-1);
  if (last === undefined) return undefined;
  const more = new Set(events.map(revisionOf)).size >= revisionsPerBatch && revisionOf(last) < present;
  return more === alone ? undefined : revisionOf(last) + 1n;
}

function revisionOf({ kv }: Event): bigint {
  return kv?.modRevision ?? 0n;
}
