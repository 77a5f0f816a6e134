import { createClient } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { type Event, Event_EventType, Watch, type WatchResponse } from "../../src/proto.ts";
import { type History, type KeyEvent, keyToText } from "./history.ts";
import { deletedPair, toPair } from "./watch-record.ts";

/** How long reading may take: a member that was just started has to catch up first. */
const readingMs = 30_000;

/**
 * Adds to a history everything up to revision `last`, by a raw gRPC watch on one member: nothing of the client under
 * test takes part. Whatever was read before an error stays.
 */
export async function extendHistory(
  history: History,
  address: string,
  last: bigint,
  headers: HeadersInit,
): Promise<void> {
  if (history.last >= last) return;
  const baseUrl = `http://${address}`;
  const sessionManager = new Http2SessionManager(baseUrl);
  const abort = new AbortController();
  const late = setTimeout(() => abort.abort(new Error(`${address} does not tell revision ${last}`)), readingMs);
  const watch = createClient(Watch, createGrpcTransport({ baseUrl, sessionManager }));
  const open = Promise.withResolvers<void>(); // etcd hears no more requests once the stream of them has ended
  async function* requests(): AsyncGenerator<ReturnType<typeof everythingFrom>> {
    yield everythingFrom(history.last + 1n);
    await open.promise;
  }
  try {
    for await (const response of watch.watch(requests(), { signal: abort.signal, headers })) {
      take(history, response);
      if (history.last >= last) return;
    }
  } finally {
    clearTimeout(late);
    open.resolve();
    abort.abort();
    sessionManager.abort();
  }
}

function everythingFrom(startRevision: bigint): {
  requestUnion: {
    case: "createRequest";
    value: { key: Uint8Array; rangeEnd: Uint8Array; startRevision: bigint; prevKv: true };
  };
} {
  const zero = Uint8Array.of(0);
  return {
    requestUnion: { case: "createRequest", value: { key: zero, rangeEnd: zero, startRevision, prevKv: true } },
  };
}

function take(history: History, { canceled, cancelReason, compactRevision, events }: WatchResponse): void {
  if (canceled) throw new Error(`The history cannot be read: ${cancelReason || `compacted at ${compactRevision}`}`);
  const byRevision = Map.groupBy(events, ({ kv }) => kv?.modRevision ?? 0n);
  for (const [revision, group] of byRevision) history.push(revision, group.map(toKeyEvent));
}

function toKeyEvent({ type, kv, prevKv }: Event): KeyEvent {
  if (kv === undefined) throw new Error("An event without a pair.");
  const before = prevKv && toPair(prevKv);
  if (type === Event_EventType.PUT) return { type: "put", kv: toPair(kv), prevKv: before };
  return { type: "delete", kv: deletedPair(keyToText(kv.key), kv.modRevision), prevKv: before };
}
