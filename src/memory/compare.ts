import { compareBytes } from "../base/bytes.ts";
import {
  type Compare,
  Compare_CompareResult as Result,
  Compare_CompareTarget as Target,
} from "../gen/etcdserverpb/kv_pb.ts";
import type { KeyValue } from "../gen/mvccpb/kv_pb.ts";
import { toSpan } from "./keys.ts";
import { collect } from "./range.ts";
import type { View } from "./store.ts";

/** Whether every key of the compare's range holds. */
export function holds(view: View, compare: Compare): boolean {
  const kvs = collect(view, toSpan(compare.key, compare.rangeEnd), view.revision, Number.POSITIVE_INFINITY);
  if (kvs.length > 0) return kvs.every((kv) => decides(compare.result, difference(compare, kv)));
  // A missing key counts as one with zeros, but has no value to compare: not even one that differs.
  return compare.target !== Target.VALUE && decides(compare.result, difference(compare, undefined));
}

function difference({ target, targetUnion }: Compare, kv: KeyValue | undefined): number {
  switch (target) {
    case Target.VALUE:
      return compareBytes(kv?.value ?? none, targetUnion.case === "value" ? targetUnion.value : none);
    case Target.CREATE:
      return order(kv?.createRevision, targetUnion.case === "createRevision" ? targetUnion.value : 0n);
    case Target.MOD:
      return order(kv?.modRevision, targetUnion.case === "modRevision" ? targetUnion.value : 0n);
    case Target.VERSION:
      return order(kv?.version, targetUnion.case === "version" ? targetUnion.value : 0n);
    case Target.LEASE:
      return order(kv?.lease, targetUnion.case === "lease" ? targetUnion.value : 0n);
    default:
      return 0;
  }
}

const none = new Uint8Array();

function order(actual = 0n, given: bigint): number {
  return actual === given ? 0 : actual < given ? -1 : 1;
}

function decides(result: Compare["result"], difference: number): boolean {
  switch (result) {
    case Result.EQUAL:
      return difference === 0;
    case Result.NOT_EQUAL:
      return difference !== 0;
    case Result.GREATER:
      return difference > 0;
    case Result.LESS:
      return difference < 0;
    default:
      return true;
  }
}
