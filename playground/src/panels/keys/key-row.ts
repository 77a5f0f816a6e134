import type { KeyId } from "./key-id.ts";

/** A key without its value. */
export interface KeyRow {
  readonly id: KeyId;
  readonly modRevision: bigint;
  readonly version: bigint;
  /** `performance.now()` of a change that was seen here; 0: it was there before. */
  readonly changedAt: number;
}

/** Where the key is, or belongs. */
export function lowerBound(rows: readonly KeyRow[], id: KeyId): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.id ?? "") < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
