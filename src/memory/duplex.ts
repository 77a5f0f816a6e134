import { Answers, type Sender } from "./answers.ts";
import type { Core } from "./core.ts";

/** One side of a bidirectional stream. */
export interface Peer<I> extends Sender {
  receive(request: I): void;
  /** The client has sent its last request; the stream may go on. */
  finished(): void;
}

/** Serves a bidirectional stream until the call is aborted, the server cuts it, or the peer ends its answers. */
export function serve<I, O>(
  core: Core,
  requests: AsyncIterable<I>,
  signal: AbortSignal,
  connect: (answers: Answers<O>) => Peer<I>,
): AsyncIterable<O> {
  let peer: Peer<I> | undefined;
  const answers = new Answers<O>(core, signal, (answers) => {
    peer = connect(answers);
    return peer;
  });
  if (peer !== undefined) void receive(requests, answers, peer);
  return answers.stream;
}

async function receive<I, O>(requests: AsyncIterable<I>, answers: Answers<O>, peer: Peer<I>): Promise<void> {
  try {
    for await (const request of requests) {
      if (answers.ended) return;
      peer.receive(request);
    }
    if (!answers.ended) peer.finished();
  } catch (error) {
    answers.end({ error });
  }
}
