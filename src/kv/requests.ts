import type { MessageInitShape } from "@bufbuild/protobuf";
import { type Key, toBytes } from "../base/bytes.ts";
import { EtcdError } from "../base/errors.ts";
import { toLeaseId } from "../base/lease-ref.ts";
import { type Int64, toCount, toInt64 } from "../base/numbers.ts";
import { type Range, toDeleteRange, toKey, toKeyRange } from "../base/range.ts";
import {
  type DeleteRangeRequestSchema,
  type PutRequestSchema,
  type RangeRequestSchema,
  RangeRequest_SortOrder as SortOrder,
  RangeRequest_SortTarget as SortTarget,
} from "../gen/etcdserverpb/kv_pb.ts";
import type { DeleteOptions, PutOptions, RangeOptions, ReadOptions } from "./options.ts";

/** A read in etcd's terms. */
export type RangeRequestInit = MessageInitShape<typeof RangeRequestSchema>;
/** A put in etcd's terms. */
export type PutRequestInit = MessageInitShape<typeof PutRequestSchema>;
/** A delete in etcd's terms. */
export type DeleteRequestInit = MessageInitShape<typeof DeleteRangeRequestSchema>;

const targets = {
  key: SortTarget.KEY,
  version: SortTarget.VERSION,
  createRevision: SortTarget.CREATE,
  modRevision: SortTarget.MOD,
  value: SortTarget.VALUE,
} as const;

/** One key's read. */
export function getRequest(key: Key, options: ReadOptions): RangeRequestInit {
  return { key: toKey(key), ...readFields(options) };
}

/** A range's read. */
export function rangeRequest(range: Range, options: RangeOptions): RangeRequestInit {
  return {
    ...toKeyRange(range),
    ...readFields(options),
    ...sortFields(options.sort),
    limit: toCount(options.limit ?? 0, "limit"),
    keysOnly: options.keysOnly ?? false,
    minModRevision: bound(options.minModRevision, "minModRevision"),
    maxModRevision: bound(options.maxModRevision, "maxModRevision"),
    minCreateRevision: bound(options.minCreateRevision, "minCreateRevision"),
    maxCreateRevision: bound(options.maxCreateRevision, "maxCreateRevision"),
  };
}

/** How many keys a range has. */
export function countRequest(range: Range, options: ReadOptions): RangeRequestInit {
  return { ...toKeyRange(range), ...readFields(options), countOnly: true };
}

/** A put. Contradictory options are refused here: etcd's own words for them name fields that the caller never saw. */
export function putRequest(key: Key, value: Key, options: PutOptions): PutRequestInit {
  const bytes = toBytes(value, "The value");
  if (options.ignoreValue && bytes.length > 0) throw contradiction('With ignoreValue the value must be ""');
  if (options.ignoreLease && options.lease !== undefined)
    throw contradiction("ignoreLease and lease exclude each other");
  return {
    key: toKey(key),
    value: bytes,
    lease: toLeaseId(options.lease),
    prevKv: options.prevKv ?? false,
    ignoreValue: options.ignoreValue ?? false,
    ignoreLease: options.ignoreLease ?? false,
  };
}

/** A delete. */
export function deleteRequest(range: Range, options: DeleteOptions): DeleteRequestInit {
  return { ...toDeleteRange(range), prevKv: options.prevKv ?? false };
}

function readFields({ revision, serializable }: ReadOptions): { revision: bigint; serializable: boolean } {
  return { revision: bound(revision, "revision"), serializable: serializable ?? false };
}

// Ascending by key is what a plain range is; said in words it would make the server read and sort the whole range.
function sortFields(sort: RangeOptions["sort"]): { sortTarget?: SortTarget; sortOrder?: SortOrder } {
  if (sort === undefined) return {};
  const { by, order = "ascending" } = sort ?? {};
  const sortTarget = by && targets[by];
  if (sortTarget === undefined || !(order === "ascending" || order === "descending")) {
    throw new EtcdError(
      "invalid-argument",
      `sort is { by: ${Object.keys(targets).join(" | ")}, order: ascending | descending }`,
    );
  }
  if (order === "descending") return { sortTarget, sortOrder: SortOrder.DESCEND };
  return by === "key" ? {} : { sortTarget, sortOrder: SortOrder.ASCEND };
}

function bound(revision: Int64 | undefined, what: string): bigint {
  return revision === undefined ? 0n : toInt64(revision, what);
}

function contradiction(text: string): EtcdError {
  return new EtcdError("invalid-argument", text);
}
