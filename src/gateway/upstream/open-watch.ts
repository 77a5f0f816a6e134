import type { MessageInitShape } from "@bufbuild/protobuf";
import type { WatchRequestSchema, WatchResponse } from "../../proto.ts";

/** What Watch is asked. */
export type WatchAsk = MessageInitShape<typeof WatchRequestSchema>;

/** One call of Watch; the signal ends it. */
export type OpenWatch = (requests: AsyncIterable<WatchAsk>, signal: AbortSignal) => AsyncIterable<WatchResponse>;

/** One request, and then silence until the signal aborts. */
export async function* heldOpen(request: WatchAsk, signal: AbortSignal): AsyncGenerator<WatchAsk> {
  yield request;
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** A response that says no more than how far the watch has come. */
export function isBookmark({ created, canceled, events }: WatchResponse): boolean {
  return !created && !canceled && events.length === 0;
}
