import { Code, ConnectError } from "@connectrpc/connect";
import type { Clock } from "../../platform/clock.ts";
import type { WatchResponse } from "../../proto.ts";
import { heldOpen, type OpenWatch, type WatchAsk } from "./open-watch.ts";

/** How long who has left waits for a watch to be confirmed. */
const patienceMs = 5_000;

/**
 * One watch of a call of its own, until its reader leaves or the signal aborts; but no earlier than it is confirmed, or
 * a while later. Of a watch left before that, `grpc-proxy` forgets that etcd still makes it, and etcd keeps it until
 * something happens in its range: its Go client takes back only what has an id (`watchGRPCStream.run`, 3.5 to 3.7).
 */
export async function* oneWatch(
  { open, clock }: { readonly open: OpenWatch; readonly clock: Clock },
  create: WatchAsk,
  signal: AbortSignal,
): AsyncGenerator<WatchResponse> {
  signal.throwIfAborted();
  const call = new AbortController();
  const end = (): void => call.abort(new ConnectError("this watch is over", Code.Canceled));
  let isConfirmed = false;
  let stopWaiting = (): void => {};
  const leave = (): void => {
    if (isConfirmed) end();
    else stopWaiting = clock.setTimeout(end, patienceMs);
  };
  signal.addEventListener("abort", leave, { once: true });
  try {
    for await (const response of open(heldOpen(create, call.signal), call.signal)) {
      isConfirmed = true;
      signal.throwIfAborted();
      yield response;
    }
  } finally {
    signal.removeEventListener("abort", leave);
    stopWaiting();
    end();
  }
}
