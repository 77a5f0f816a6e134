import { EtcdError } from "../base/errors.ts";
import { toInt64 } from "../base/numbers.ts";
import { noPrefix, type Prefix } from "../base/prefix.ts";
import { type KeyRange, type Range, toKeyRange } from "../base/range.ts";
import { WatchCreateRequest_FilterType as FilterType } from "../gen/etcdserverpb/watch_pb.ts";
import { toHeaders } from "../transport/caller.ts";
import type { Subject } from "./follower.ts";
import type { WatchOptions } from "./options.ts";

// One list for all, since a page may have thousands of watches.
const withLeader = [["hasleader", "true"]] as const;
const withoutLeader = [] as const;

/** What a watch is to follow, or "invalid-argument". */
export function toSubject(range: Range, options: WatchOptions, requireLeader: boolean, prefix: Prefix): Subject {
  const asText = typeof range === "string" && prefix === noPrefix;
  return {
    range: asText ? checked(range) : copyOf(prefix.add(toKeyRange(range))),
    prefix,
    startRevision: toStart(options.startRevision),
    prevKv: options.prevKv ?? false,
    filters: toFilters(options.only),
    headers: headersOf(options.headers, options.requireLeader ?? requireLeader),
  };
}

/** The range in etcd's terms. */
export function rangeOf({ range }: Pick<Subject, "range">): KeyRange {
  return typeof range === "string" ? toKeyRange(range) : range;
}

function checked(key: string): string {
  toKeyRange(key);
  return key;
}

// What is sent again after hours must not have been changed by whoever gave it.
function copyOf({ key, rangeEnd }: KeyRange): KeyRange {
  return { key: key.slice(), rangeEnd: rangeEnd.slice() };
}

function headersOf(given: HeadersInit | undefined, requireLeader: boolean): Subject["headers"] {
  if (given === undefined) return requireLeader ? withLeader : withoutLeader;
  const headers = toHeaders(given);
  if (requireLeader) headers.set(...withLeader[0]);
  return [...headers];
}

// To the server 0 would mean "from now on"; the first revision of a store is 1, and no event is older than 2.
function toStart(startRevision: WatchOptions["startRevision"]): bigint | undefined {
  if (startRevision === undefined) return undefined;
  const start = toInt64(startRevision, "startRevision");
  if (start > 0n) return start;
  throw new EtcdError("invalid-argument", "startRevision must be 1 or more: leave it out to watch from now on");
}

const nothing: readonly FilterType[] = [];

function toFilters(only: WatchOptions["only"]): readonly FilterType[] {
  switch (only) {
    case undefined:
      return nothing;
    case "put":
      return [FilterType.NODELETE];
    case "delete":
      return [FilterType.NOPUT];
    default:
      only satisfies never;
      throw new EtcdError("invalid-argument", `only is "put" or "delete", not ${JSON.stringify(only)}`);
  }
}
