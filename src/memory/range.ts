import { create } from "@bufbuild/protobuf";
import { ResponseHeaderSchema } from "../gen/etcdserverpb/header_pb.ts";
import {
  type RangeRequest,
  type RangeResponse,
  RangeResponseSchema,
  RangeRequest_SortTarget as Target,
} from "../gen/etcdserverpb/kv_pb.ts";
import { type KeyValue, KeyValueSchema } from "../gen/mvccpb/kv_pb.ts";
import { errors } from "./errors.ts";
import { covers, type Span, toSpan } from "./keys.ts";
import { fetchesInOrder, hasRevisionFilters, revisionFilter, sort } from "./range-order.ts";
import type { View } from "./store.ts";

/** Answers a RangeRequest. Its header carries only the revision. */
export function range(view: View, request: RangeRequest): RangeResponse {
  const revision = readableRevision(view, request.revision);
  const span = toSpan(request.key, request.rangeEnd);
  const header = create(ResponseHeaderSchema, { revision: view.revision });
  if (request.countOnly) return create(RangeResponseSchema, { header, count: BigInt(count(view, span, revision)) });
  const limit = fetchLimit(request);
  const found = collect(view, span, revision, limit);
  const total = found.length < limit ? found.length : count(view, span, revision);
  const { kvs, more } = select(found, request);
  return create(RangeResponseSchema, { header, kvs, more, count: BigInt(total) });
}

/** The revision a read is about: 0 and below mean the view's own. */
export function readableRevision(view: View, asked: bigint): bigint {
  if (asked > view.revision) throw errors.futureRevision();
  const revision = asked <= 0n ? view.revision : asked;
  if (revision < view.compacted) throw errors.compacted();
  return revision;
}

/** The first `limit` key-values of a span at a revision, in key order. */
export function collect(view: View, span: Span, revision: bigint, limit: number): KeyValue[] {
  const found: KeyValue[] = [];
  view.index.visit(span, (history) => {
    const kv = history.at(revision);
    if (kv !== undefined) found.push(kv);
    return found.length < limit;
  });
  return found;
}

// Up to here the way back through the log is shorter than the way through the keys.
const recentRevisions = 10_000n;

/** How many keys of a span there are at a revision. Only one far in the past has to look at each. */
export function count(view: View, span: Span, revision: bigint): number {
  if (view.revision - revision <= recentRevisions) return view.index.countLive(span) - grownSince(view, span, revision);
  let total = 0;
  view.index.visit(span, (history) => {
    if (history.at(revision) !== undefined) total++;
    return true;
  });
  return total;
}

function grownSince(view: View, span: Span, revision: bigint): number {
  let grown = 0;
  for (const name of view.changedSince(revision)) {
    if (!covers(span, name)) continue;
    grown += Number(view.index.latest(name) !== undefined) - Number(view.index.at(name, revision) !== undefined);
  }
  return grown;
}

/** One more than asked for tells whether there is more. A sorted or filtered answer needs them all. */
function fetchLimit(request: RangeRequest): number {
  if (request.limit <= 0n || !fetchesInOrder(request) || hasRevisionFilters(request)) return Number.POSITIVE_INFINITY;
  return Number(request.limit) + 1;
}

function select(found: KeyValue[], request: RangeRequest): { kvs: KeyValue[]; more: boolean } {
  const sorted = sort(found.filter(revisionFilter(request)), request);
  const more = request.limit > 0n && BigInt(sorted.length) > request.limit;
  const kvs = more ? sorted.slice(0, Number(request.limit)) : sorted;
  return { kvs: request.keysOnly ? kvs.map((kv) => keyOnly(kv, request)) : kvs, more };
}

/**
 * Without value and, since 3.7, without lease: etcd answers from its index, which knows none. Sorting by value still
 * reads the whole.
 */
export function keyOnly(
  { key, createRevision, modRevision, version, lease }: KeyValue,
  request: RangeRequest,
): KeyValue {
  const kept = request.sortTarget === Target.VALUE ? lease : 0n;
  return create(KeyValueSchema, { key, createRevision, modRevision, version, lease: kept });
}
