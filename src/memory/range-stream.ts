import { create, toBinary } from "@bufbuild/protobuf";
import {
  type RangeRequest,
  RangeRequestSchema,
  RangeResponseSchema,
  type RangeStreamResponse,
  RangeStreamResponseSchema,
} from "../gen/etcdserverpb/kv_pb.ts";
import type { KeyValue } from "../gen/mvccpb/kv_pb.ts";
import type { Core } from "./core.ts";
import { errors } from "./errors.ts";
import { type Span, toName, toSpan } from "./keys.ts";
import { collect, count, keyOnly, readableRevision } from "./range.ts";
import { fetchesInOrder, hasRevisionFilters, sort } from "./range-order.ts";
import { checkRange } from "./request-check.ts";
import { maxRequestBytes, receive } from "./request-size.ts";

const firstChunk = 10;

/** A range in chunks, all at one revision; header, `more` and `count` come with the last. */
export async function* rangeStream(
  core: Core,
  request: RangeRequest,
  headers: Headers,
): AsyncGenerator<RangeStreamResponse> {
  receive(RangeRequestSchema, request, request.key.length + request.rangeEnd.length);
  checkStream(request);
  core.access.caller(headers).requireRead(request.key, request.rangeEnd);
  const { store } = core;
  const header = core.header();
  const revision = readableRevision(store, request.revision);
  let rest = toSpan(request.key, request.rangeEnd);
  if (request.countOnly) {
    yield chunk({ header, count: BigInt(count(store, rest, revision)) });
    return;
  }
  const limit = request.limit > 0n ? Number(request.limit) : Number.POSITIVE_INFINITY;
  // A negative limit is none, and sends all at once: etcd starts with the smaller of it and its first chunk.
  let size = request.limit < 0n ? limit : Math.min(firstChunk, limit);
  for (let sent = 0; ; ) {
    readableRevision(store, revision);
    // Each chunk is sorted for itself, and the next begins after its last: with another target than the key, keys are
    // sent twice or left out, as by etcd.
    const kvs = sort(collect(store, rest, revision, size + 1), request);
    const more = kvs.length > size;
    if (more) kvs.length = size;
    sent += kvs.length;
    rest = after(rest, kvs);
    const answer = { kvs: request.keysOnly ? kvs.map((kv) => keyOnly(kv, request)) : kvs };
    if (!more || sent === limit) {
      yield chunk({ ...answer, header, more, count: BigInt(sent + (more ? count(store, rest, revision) : 0)) });
      return;
    }
    const response = chunk(answer);
    yield response;
    size = Math.min(nextSize(size, toBinary(RangeStreamResponseSchema, response).length), limit - sent);
  }
}

function checkStream(request: RangeRequest): void {
  checkRange(request);
  if (!fetchesInOrder(request)) throw errors.streamSortOrder();
  if (hasRevisionFilters(request)) throw errors.streamRevisionFilter();
}

/** What of the span comes after the key-values read. */
function after(span: Span, kvs: readonly KeyValue[]): Span {
  const last = kvs.at(-1);
  return last === undefined || "key" in span ? span : { from: `${toName(last.key)}\0`, to: span.to };
}

/** Chunks grow and shrink towards the size of the largest request. */
function nextSize(size: number, bytes: number): number {
  if (bytes < maxRequestBytes / 2) return size * 2;
  return bytes > maxRequestBytes * 2 ? Math.max(1, Math.trunc(size / 2)) : size;
}

function chunk(rangeResponse: Parameters<typeof create<typeof RangeResponseSchema>>[1]): RangeStreamResponse {
  return create(RangeStreamResponseSchema, { rangeResponse: create(RangeResponseSchema, rangeResponse) });
}
