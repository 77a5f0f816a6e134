import type { Key } from "../base/bytes.ts";
import type { KeyValue } from "../base/key-value.ts";
import type { LeaseRef } from "../base/lease-ref.ts";

/** What the body of a transaction works with. Using it after the body has ended throws "failed-precondition". */
export interface StmTransaction {
  /** The pair as the transaction sees it. One that it has written itself has no revisions yet: they are 0. */
  get(key: Key): Promise<KeyValue | undefined>;
  /** Writes a key when the transaction commits. */
  put(key: Key, value: Key, options?: { readonly lease?: LeaseRef | undefined }): void;
  /** Deletes a key when the transaction commits. */
  delete(key: Key): void;
}

/** How an isolation is kept. */
export interface Level {
  /** All is read at the revision of the first read. */
  readonly oneRevision: boolean;
  /** It commits only if what was read is unchanged. */
  readonly guardReads: boolean;
  /** It commits only if what it writes is unchanged since the first read. */
  readonly guardWrites: boolean;
}

/** What the failed commit of the attempt before has read, all at one revision. */
export interface Known {
  readonly revision: bigint;
  readonly pairs: ReadonlyMap<string, KeyValue | undefined>;
}

/** What came of an attempt. */
export type Outcome<T> =
  | { readonly committed: true; readonly value: T }
  | { readonly committed: false; readonly known: Known | undefined };
