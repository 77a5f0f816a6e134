import type { ResponseHeader } from "../base/header.ts";
import type { KeyValue } from "../base/key-value.ts";
import type { LeaseRef } from "../base/lease-ref.ts";
import type { Int64 } from "../base/numbers.ts";
import type { CallOptions } from "../transport/caller.ts";

/** What every read takes. */
export interface ReadOptions extends CallOptions {
  /** Read as it was at this revision. Default: the newest. Older than the last compaction: EtcdError "compacted". */
  readonly revision?: Int64 | undefined;
  /** Let one member answer from its own data: faster, possibly stale. Default false: linearizable. */
  readonly serializable?: boolean | undefined;
}

/** What a range takes beside. Revision bounds are inclusive; they and any order but ascending by key cost a full read. */
export interface RangeOptions extends ReadOptions {
  /** Pairs at the most; 0 (the default): all. */
  readonly limit?: number | undefined;
  /** Leave values out; etcd 3.7 leaves out leases too. */
  readonly keysOnly?: boolean | undefined;
  /** Default: by key, ascending. Where only `by` is given: ascending. */
  readonly sort?:
    | {
        readonly by: "key" | "version" | "createRevision" | "modRevision" | "value";
        readonly order?: "ascending" | "descending" | undefined;
      }
    | undefined;
  /** Only keys last written at this revision or later. */
  readonly minModRevision?: Int64 | undefined;
  /** Only keys last written at this revision or before. */
  readonly maxModRevision?: Int64 | undefined;
  /** Only keys brought into being at this revision or later. */
  readonly minCreateRevision?: Int64 | undefined;
  /** Only keys brought into being at this revision or before. */
  readonly maxCreateRevision?: Int64 | undefined;
}

/**
 * What a scan takes beside what every read takes; `timeoutMs` is for each page, and for each silence of a stream.
 * Revision bounds keep it from being streamed.
 */
export interface ScanOptions extends Omit<RangeOptions, "limit" | "sort"> {
  /** Pairs a page, where the server cannot stream. Default: as many as make about 1 MiB. */
  readonly pageSize?: number | undefined;
}

/** What a range gives. */
export interface RangeResult {
  /** The pairs, in the order asked for. */
  readonly kvs: readonly KeyValue[];
  /** Keys in the range, whatever the limit and the revision bounds left of them. */
  readonly count: number;
  /** `limit` cut the answer. */
  readonly more: boolean;
  /** The store's revision when it answered: a watch from the next one misses nothing. */
  readonly revision: bigint;
  /** Who answered, and at which revision of the store. */
  readonly header: ResponseHeader;
}

/** What a put takes. */
export interface PutOptions extends CallOptions {
  /** Attach the key to this lease. Default: none, and a lease it had is taken off. */
  readonly lease?: LeaseRef | undefined;
  /** Give the pair as it was before. */
  readonly prevKv?: boolean | undefined;
  /** Keep the value, change the lease: the value given must be "" and the key exist. */
  readonly ignoreValue?: boolean | undefined;
  /** Keep the lease, change the value: the key must exist. */
  readonly ignoreLease?: boolean | undefined;
}

/** What a put gives. */
export interface PutResult {
  /** The revision it made. */
  readonly revision: bigint;
  /** Before it; undefined where there was none or it was not asked for. */
  readonly prevKv: KeyValue | undefined;
  /** Who answered, and at which revision of the store. */
  readonly header: ResponseHeader;
}

/** What a compaction takes. */
export interface CompactOptions extends CallOptions {
  /** Answer when the old revisions are gone from the member's disk as well. Default false. */
  readonly physical?: boolean | undefined;
}

/** What a delete takes. */
export interface DeleteOptions extends CallOptions {
  /** Give the pairs as they were before. */
  readonly prevKv?: boolean | undefined;
  /**
   * Delete the key only if it was not written since: else EtcdError "conflict" with `current`. 0: only if it is not
   * there. For one key, not for a range of them.
   */
  readonly ifModRevision?: Int64 | undefined;
}

/** What a delete gives. */
export interface DeleteResult {
  /** How many keys are gone. */
  readonly deleted: number;
  /** Before it, where asked for. */
  readonly prevKvs: readonly KeyValue[];
  /** The store's revision; a delete that found nothing makes none. */
  readonly revision: bigint;
  /** Who answered, and at which revision of the store. */
  readonly header: ResponseHeader;
}
