import { compareBytes } from "../base/bytes.ts";
import {
  RangeRequest_SortOrder as Order,
  type RangeRequest,
  RangeRequest_SortTarget as Target,
} from "../gen/etcdserverpb/kv_pb.ts";
import type { KeyValue } from "../gen/mvccpb/kv_pb.ts";

/**
 * Whether etcd reads no further than the limit. So it does for every target while the order is NONE, though it then
 * sorts what it has read: a limited answer is the first keys, sorted, not the first of the sorted.
 */
export function fetchesInOrder({ sortTarget, sortOrder }: RangeRequest): boolean {
  return sortOrder === Order.NONE || (sortTarget === Target.KEY && sortOrder === Order.ASCEND);
}

/** Whether the request keeps only some revisions. */
export function hasRevisionFilters(request: RangeRequest): boolean {
  const { minModRevision, maxModRevision, minCreateRevision, maxCreateRevision } = request;
  return minModRevision !== 0n || maxModRevision !== 0n || minCreateRevision !== 0n || maxCreateRevision !== 0n;
}

/** Keeps what the request's revision limits let through; 0 is no limit. */
export function revisionFilter(request: RangeRequest): (kv: KeyValue) => boolean {
  const { minModRevision, maxModRevision, minCreateRevision, maxCreateRevision } = request;
  return ({ modRevision, createRevision }) =>
    isWithin(modRevision, minModRevision, maxModRevision) &&
    isWithin(createRevision, minCreateRevision, maxCreateRevision);
}

function isWithin(revision: bigint, min: bigint, max: bigint): boolean {
  return (min === 0n || revision >= min) && (max === 0n || revision <= max);
}

/** In the request's order. Equals stay in key order, descending too. */
export function sort(kvs: KeyValue[], { sortTarget, sortOrder }: RangeRequest): KeyValue[] {
  if (sortTarget === Target.KEY) return sortOrder === Order.DESCEND ? kvs.toReversed() : kvs;
  const compare = comparers[sortTarget];
  if (compare === undefined) return kvs;
  return kvs.toSorted(sortOrder === Order.DESCEND ? (a, b) => compare(b, a) : compare);
}

const comparers: { readonly [target: number]: (a: KeyValue, b: KeyValue) => number } = {
  [Target.VERSION]: (a, b) => Number(a.version - b.version),
  [Target.CREATE]: (a, b) => Number(a.createRevision - b.createRevision),
  [Target.MOD]: (a, b) => Number(a.modRevision - b.modRevision),
  [Target.VALUE]: (a, b) => compareBytes(a.value, b.value),
};
