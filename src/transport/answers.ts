import { type DescMessage, fromBinary, type Message, type MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { WatchResponseSchema } from "../gen/etcdserverpb/watch_pb.ts";
import { Frames } from "./frames.ts";
import { readWatchResponse } from "./watch-response.ts";

/** A gRPC-Web answer in two parts. */
export interface Answers {
  /** What is no message, trailers as a rule: for Connect to judge. */
  readonly remainder: Response;
  /** The messages, and then what `end`, which reads the remainder, makes of it. */
  read<T extends DescMessage>(schema: T, end: AsyncIterable<MessageShape<T>>): AsyncIterable<MessageShape<T>>;
}

/**
 * The messages are read straight from the body: Connect's way, a stream of envelopes under a generator, costs twice as
 * much for each.
 */
export function toAnswers(response: Response, body: ReadableStream<Uint8Array>): Answers {
  const reader = body.getReader();
  const frames = new Frames();
  async function pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const chunk = frames.rest() ?? (await reader.read()).value;
    if (chunk) controller.enqueue(chunk);
    else controller.close();
  }
  return {
    remainder: new Response(new ReadableStream({ pull }, { highWaterMark: 0 }), response),
    read(schema, end) {
      const ending = end[Symbol.asyncIterator]();
      async function next(): Promise<IteratorResult<MessageShape<typeof schema>>> {
        for (;;) {
          const data = frames.next();
          if (data) return { done: false, value: parse(schema, data) };
          const chunk = data === null ? undefined : (await reader.read()).value;
          if (chunk === undefined) return ending.next();
          frames.add(chunk);
        }
      }
      return { [Symbol.asyncIterator]: () => ({ next }) };
    },
  };
}

function parse<T extends DescMessage>(schema: T, data: Uint8Array): MessageShape<T> {
  const read = (schema as DescMessage) === WatchResponseSchema ? readWatchResponse : fromBinary.bind(null, schema);
  try {
    const message: Message = read(data);
    return message as MessageShape<T>;
  } catch (error) {
    throw new ConnectError(`parse binary: ${(error as Error).message}`, Code.Internal);
  }
}
