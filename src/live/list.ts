import type { KeyValue } from "../base/key-value.ts";
import { nextKey, type Range, toKeyRange, toRange } from "../base/range.ts";
import type { EtcdReader } from "../client/etcd.ts";
import type { RangeResult } from "../kv/options.ts";
import { isTooMuch } from "../kv/scan.ts";
import type { CallOptions } from "../transport/caller.ts";

/** A range at one revision. */
export interface Listed {
  readonly kvs: readonly KeyValue[];
  readonly revision: bigint;
  readonly clusterId: bigint;
}

/** Every pair of a range, however many there are, and their revision. */
export async function list(etcd: EtcdReader, range: Range, options: CallOptions): Promise<Listed> {
  const first = await firstPage(etcd, range, options);
  const last = first.kvs.at(-1);
  const { revision, header } = first;
  const { clusterId } = header;
  if (!first.more || last === undefined) return { kvs: first.kvs, revision, clusterId };
  const kvs = [...first.kvs];
  for await (const kv of etcd.scan(behind(range, last.key), { ...options, revision })) kvs.push(kv);
  return { kvs, revision, clusterId };
}

/** A single pair where more is too much: the scan finds out how much gets through. */
async function firstPage(etcd: EtcdReader, range: Range, options: CallOptions): Promise<RangeResult> {
  try {
    return await etcd.range(range, { ...options, limit: 1000 });
  } catch (error) {
    if (options.signal?.aborted || !isTooMuch(error)) throw error;
    return await etcd.range(range, { ...options, limit: 1 });
  }
}

function behind(range: Range, key: Uint8Array): Range {
  return toRange({ key: nextKey(key), rangeEnd: toKeyRange(range).rangeEnd });
}
