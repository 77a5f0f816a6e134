import { isEtcdError } from "../base/errors.ts";
import type { KeyValue } from "../base/key-value.ts";
import { nextKey, type Range, toKeyRange, toRange } from "../base/range.ts";
import type { EtcdReader } from "../client/etcd.ts";
import type { RangeResult } from "../kv/options.ts";
import type { CallOptions } from "../transport/caller.ts";

/** A range at one revision. */
export interface Listed {
  readonly kvs: readonly KeyValue[];
  readonly revision: bigint;
  readonly clusterId: bigint;
}

/** Pairs in the first answer; of a larger range the rest is scanned. */
const firstPage = 1000;

/**
 * Every pair of a range, however many there are, and their revision. Where the first answer is too large, or was `late`
 * before, it is to be of a single pair: the scan finds out how much gets through.
 */
export async function list(etcd: EtcdReader, range: Range, options: CallOptions, late = false): Promise<Listed> {
  const page = (limit: number): Promise<RangeResult> => etcd.range(range, { ...options, limit });
  const first = late ? await page(1) : await page(firstPage).catch((error) => unlessTooLarge(error, () => page(1)));
  const last = first.kvs.at(-1);
  const { revision, header } = first;
  const { clusterId } = header;
  if (!first.more || last === undefined) return { kvs: first.kvs, revision, clusterId };
  const kvs = [...first.kvs];
  for await (const kv of etcd.scan(behind(range, last.key), { ...options, revision })) kvs.push(kv);
  return { kvs, revision, clusterId };
}

async function unlessTooLarge<R>(error: unknown, less: () => Promise<R>): Promise<R> {
  if (isEtcdError(error, "too-large")) return await less();
  throw error;
}

function behind(range: Range, key: Uint8Array): Range {
  return toRange({ key: nextKey(key), rangeEnd: toKeyRange(range).rangeEnd });
}
