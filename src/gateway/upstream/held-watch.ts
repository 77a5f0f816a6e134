import { Stream } from "../../base/stream.ts";
import type { Clock } from "../../platform/clock.ts";
import type { WatchRequest, WatchResponse } from "../../proto.ts";
import { isBookmark, type OpenWatch, type WatchAsk } from "./open-watch.ts";

/** How often a quiet stream is asked how far it has come. */
export const askEachMs = 10_000;

/** What a held watch takes from its surroundings. */
export interface Around {
  readonly clock: Clock;
  /** Whether etcd, asked for progress, answers and tells the truth. Never rejects. */
  readonly answersProgress: () => Promise<boolean>;
}

/**
 * A call of Watch on etcd itself whose requests stay open after the page has sent its last one. With them the gateway
 * says what the page no longer can: it asks for bookmarks, which etcd by default sends every ten minutes only, and
 * cancels a watch that a compaction has ended, without which etcd answers no such question any more.
 */
export class HeldWatch {
  readonly #requests: AsyncIterable<WatchRequest>;
  readonly #around: Around;
  readonly #added = new Stream<WatchAsk>();
  readonly #dismissed = new Set<bigint>();
  #allSent = false;
  #unanswered = 0;
  #allWantBookmarks = true;
  #reading = false;
  /** When etcd last sent a bookmark unasked. */
  #bookmarkedAt = Number.NEGATIVE_INFINITY;

  constructor(requests: AsyncIterable<WatchRequest>, around: Around) {
    this.#requests = requests;
    this.#around = around;
  }

  /** What etcd answers; once only. */
  async *responses(open: OpenWatch, signal: AbortSignal): AsyncGenerator<WatchResponse> {
    const rest = this.#askRegularly();
    // Who goes while an answer waits to be taken does not come back here.
    signal.addEventListener("abort", rest, { once: true });
    try {
      this.#reading = true;
      for await (const response of open(this.#held(), signal)) {
        this.#reading = false;
        if (this.#note(response)) yield response;
        this.#reading = true;
      }
    } finally {
      rest();
      signal.removeEventListener("abort", rest);
      this.#added.end();
    }
  }

  async *#held(): AsyncGenerator<WatchAsk> {
    for await (const request of this.#requests) {
      const { case: kind, value } = request.requestUnion;
      if (kind === "createRequest") {
        this.#unanswered++;
        if (!value.progressNotify) this.#allWantBookmarks = false;
      }
      yield request;
    }
    this.#allSent = true;
    yield* this.#added;
  }

  /** Gives false for what the page has not asked for. */
  #note(response: WatchResponse): boolean {
    const { watchId, created, canceled, compactRevision } = response;
    if (created) this.#unanswered--;
    else if (canceled && this.#dismissed.delete(watchId)) return false;
    else if (canceled && compactRevision > 0n) this.#dismiss(watchId);
    else if (isBookmark(response) && watchId !== -1n) this.#bookmarkedAt = this.#around.clock.now();
    return true;
  }

  #dismiss(watchId: bigint): void {
    if (!this.#allSent) return; // the page can do so itself
    this.#dismissed.add(watchId);
    this.#added.push({ requestUnion: { case: "cancelRequest", value: { watchId } } });
  }

  #askRegularly(): () => void {
    const { clock } = this.#around;
    const ask = (): void => {
      cancel = clock.setTimeout(ask, askEachMs);
      void this.#askForBookmark();
    };
    let cancel = clock.setTimeout(ask, askEachMs);
    return () => cancel();
  }

  async #askForBookmark(): Promise<void> {
    if (!this.#mayAsk() || !(await this.#around.answersProgress()) || !this.#mayAsk()) return;
    this.#added.push({ requestUnion: { case: "progressRequest", value: {} } });
  }

  // A page that does not read is asked nothing: answers would pile up before it.
  #mayAsk(): boolean {
    const unasked = this.#around.clock.now() - this.#bookmarkedAt < 1.2 * askEachMs; // etcd may add a tenth
    return this.#reading && this.#allSent && this.#allWantBookmarks && this.#unanswered === 0 && !unasked;
  }
}
