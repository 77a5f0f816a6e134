import type { MessageInitShape } from "@bufbuild/protobuf";
import { describe, type Key, toBytes } from "../base/bytes.ts";
import { EtcdError } from "../base/errors.ts";
import { type LeaseRef, toLeaseId } from "../base/lease-ref.ts";
import { type Int64, toInt64 } from "../base/numbers.ts";
import type { Prefix } from "../base/prefix.ts";
import { type Range, toKey, toKeyRange } from "../base/range.ts";
import {
  type CompareSchema,
  Compare_CompareResult as Result,
  Compare_CompareTarget as Target,
} from "../gen/etcdserverpb/kv_pb.ts";

/** A condition of a transaction: a value made by {@link compare}. */
export interface Compare {
  /** What of the key is compared. */
  readonly target: "version" | "create" | "mod" | "lease" | "value";
}

/** How a key, or every key of a range, must stand to a value. */
export interface Comparison<V> {
  /** It is this. */
  equals(value: V): Compare;
  /** It is another. A key that is not there has version, revisions and lease 0. */
  notEquals(value: V): Compare;
  /** It is above this; values compare byte by byte. */
  greater(value: V): Compare;
  /** It is below this; values compare byte by byte. */
  less(value: V): Compare;
}

/** A compare in etcd's terms. */
export type CompareInit = MessageInitShape<typeof CompareSchema>;
type TargetUnion = NonNullable<CompareInit["targetUnion"]>;

/** What a condition is beneath. */
interface Condition extends Compare {
  readonly init: CompareInit;
}

const targets = {
  version: Target.VERSION,
  create: Target.CREATE,
  mod: Target.MOD,
  lease: Target.LEASE,
  value: Target.VALUE,
} as const;

/**
 * Conditions for `txn`, on one key or on every key of a range. A key that is not there has version, revisions and lease
 * 0; a comparison of its value is false, `notEquals` too. A range without keys is as one key that is not there.
 *
 * @example
 * ```ts
 * import { compare, type Etcd, op } from "etcd-web";
 *
 * async function rename(etcd: Etcd, from: string, to: string): Promise<boolean> {
 *   const kv = await etcd.get(from);
 *   if (kv === undefined) return false;
 *   const { succeeded } = await etcd.txn({
 *     compare: [compare.missing(to), compare.modRevision(from).equals(kv.modRevision)],
 *     success: [op.put(to, kv.value), op.delete(from)],
 *   });
 *   return succeeded;
 * }
 * ```
 */
export const compare = {
  /** Puts since the key came into being; 0: it is not there. */
  version: (range: Range): Comparison<Int64> =>
    comparison("version", range, (value) => ({ case: "version", value: toInt64(value, "The version") })),
  /** The revision that brought the key into being; 0: it is not there. */
  createRevision: (range: Range): Comparison<Int64> =>
    comparison("create", range, (value) => ({ case: "createRevision", value: toInt64(value, "The create revision") })),
  /** The revision of the last put; 0: it is not there. */
  modRevision: (range: Range): Comparison<Int64> =>
    comparison("mod", range, (value) => ({ case: "modRevision", value: toInt64(value, "The mod revision") })),
  /** The lease the key is attached to; 0: none. */
  lease: (range: Range): Comparison<LeaseRef> =>
    comparison("lease", range, (value) => ({ case: "lease", value: toLeaseId(value) })),
  /** The value, byte by byte. False where the key is not there. */
  value: (range: Range): Comparison<Key> =>
    comparison("value", range, (value) => ({ case: "value", value: toBytes(value, "The value") })),
  /** The key is there. */
  exists: (key: Key): Compare => compare.version(single(key)).greater(0n),
  /** The key is not there. */
  missing: (key: Key): Compare => compare.version(single(key)).equals(0n),
} as const;

/** A condition in etcd's terms, or "invalid-argument" where it was not made by {@link compare}. */
export function toCompareInit(given: Compare, prefix: Prefix): CompareInit {
  const { init } = (given ?? {}) as Partial<Condition>;
  if (init !== undefined) return prefix.add(init);
  throw new EtcdError(
    "invalid-argument",
    `A condition is made by compare, such as compare.exists(key): not ${describe(given)}`,
  );
}

function comparison<V>(target: Compare["target"], range: Range, union: (value: V) => TargetUnion): Comparison<V> {
  const keys = toKeyRange(range);
  const condition =
    (result: Result) =>
    (value: V): Condition => ({
      target,
      init: { ...keys, target: targets[target], result, targetUnion: union(value) },
    });
  return {
    equals: condition(Result.EQUAL),
    notEquals: condition(Result.NOT_EQUAL),
    greater: condition(Result.GREATER),
    less: condition(Result.LESS),
  };
}

function single(key: Key): { readonly key: Uint8Array } {
  return { key: toKey(key) };
}
