import { Code, ConnectError } from "@connectrpc/connect";
import type { Core } from "./core.ts";
import { Outbox } from "./outbox.ts";

/** One side of a bidirectional stream. */
export interface Peer<I> {
  readonly watchers: number;
  receive(request: I): void;
  /** The client has sent its last request; the stream may go on. */
  finished(): void;
  /** The reader has taken all there was. */
  refill(): void;
  /** The stream has ended. */
  closed(): void;
}

/** Serves a bidirectional stream until the call is aborted, the server cuts it, or the peer ends its outbox. */
export function serve<I, O>(
  core: Core,
  requests: AsyncIterable<I>,
  signal: AbortSignal,
  connect: (outbox: Outbox<O>) => Peer<I>,
): AsyncIterable<O> {
  const abort = (): void => outbox.end({ error: ConnectError.from(signal.reason, Code.Canceled) });
  const outbox: Outbox<O> = new Outbox(
    () => peer.refill(),
    () => {
      signal.removeEventListener("abort", abort);
      core.connections.delete(connection);
      peer.closed();
    },
  );
  const peer = connect(outbox);
  const connection = {
    get watchers() {
      return peer.watchers;
    },
    cut: (error: ConnectError) => outbox.end({ error }),
  };
  core.connections.add(connection);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  void receive(requests, outbox, peer);
  return outbox;
}

async function receive<I, O>(requests: AsyncIterable<I>, outbox: Outbox<O>, peer: Peer<I>): Promise<void> {
  try {
    for await (const request of requests) {
      if (outbox.ended) return;
      peer.receive(request);
    }
    if (!outbox.ended) peer.finished();
  } catch (error) {
    outbox.end({ error });
  }
}
