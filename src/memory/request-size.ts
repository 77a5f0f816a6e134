import { type DescMessage, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { errors, messageTooLarge } from "./errors.ts";

/** etcd's `--max-request-bytes`, of the entry it would write to its log. */
export const maxRequestBytes: number = 1.5 * 1024 * 1024;
/** What its gRPC server takes. */
export const maxMessageBytes: number = maxRequestBytes + 512 * 1024;

// A log entry's header: tag (2 bytes), length (1), and the request's id (11).
const entryHeader = 14;

/** The size of a request, refused where gRPC would not take it. `atMost` spares encoding what is small beyond doubt. */
export function receive<Desc extends DescMessage>(schema: Desc, request: MessageShape<Desc>, atMost?: number): number {
  if (atMost !== undefined && atMost < maxRequestBytes / 2) return atMost;
  const size = toBinary(schema, request).length;
  if (size > maxMessageBytes) throw messageTooLarge(size, maxMessageBytes);
  return size;
}

/** Refuses a request of this size that etcd would not put into its log. Reads do not get there. */
export function checkEntry(size: number): void {
  if (entryHeader + 1 + varintSize(size) + size > maxRequestBytes) throw errors.requestTooLarge();
}

function varintSize(value: number): number {
  return value < 0x80 ? 1 : 1 + varintSize(value >>> 7);
}
