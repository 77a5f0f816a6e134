import { type DescMessage, type MessageShape, toBinary } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { errors, messageTooLarge } from "./errors.ts";

/** etcd's `--max-request-bytes`, of the entry it would write to its log. */
export const maxRequestBytes: number = 1.5 * 1024 * 1024;
/** What its gRPC server takes. */
export const maxMessageBytes: number = maxRequestBytes + 512 * 1024;

// A log entry's header: tag (2 bytes), length (1), and the request's id (11).
const entryHeader = 14;

/** The size of a request, refused where gRPC would not take it. `atMost` spares encoding what is small beyond doubt. */
export function receive<Desc extends DescMessage>(schema: Desc, request: MessageShape<Desc>, atMost?: number): number {
  const size = sizeOf(schema, request, atMost);
  if (size > maxMessageBytes) throw messageTooLarge(size, maxMessageBytes);
  return size;
}

/** The size of a request that does not come through gRPC: of one of etcd's own. */
export function sizeOf<Desc extends DescMessage>(schema: Desc, request: MessageShape<Desc>, atMost?: number): number {
  if (atMost !== undefined && atMost < maxRequestBytes / 2) return atMost;
  return toBinary(schema, request).length;
}

/** Measures the requests of services that do not do so themselves. */
export const receiving: Interceptor = (next) => async (request) => {
  if (request.stream) return next({ ...request, message: received(request.method.input, request.message) });
  receive(request.method.input, request.message);
  return next(request);
};

async function* received<Desc extends DescMessage>(schema: Desc, requests: AsyncIterable<MessageShape<Desc>>) {
  for await (const request of requests) {
    receive(schema, request);
    yield request;
  }
}

/** Refuses a request of this size that etcd would not put into its log. Reads do not get there. */
export function checkEntry(size: number): void {
  if (entryHeader + 1 + varintSize(size) + size > maxRequestBytes) throw errors.requestTooLarge();
}

function varintSize(value: number): number {
  return value < 0x80 ? 1 : 1 + varintSize(value >>> 7);
}
