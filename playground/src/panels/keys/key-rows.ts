import type { KeyFilter } from "./key-filter.ts";
import type { KeyId } from "./key-id.ts";

/** A key without its value. */
export interface KeyRow {
  readonly id: KeyId;
  readonly modRevision: bigint;
  readonly version: bigint;
  /** `performance.now()` of a change that was seen here, in whole milliseconds; 0: it was there before. */
  readonly changedAt: number;
}

/** Keys in etcd's order, and those of them that a filter lets through. A change costs what it changes. */
export class KeyRows {
  readonly #all: KeyRow[] = [];
  #found: { readonly accepts: KeyFilter; readonly rows: KeyRow[] } | undefined;

  /** All of them. The array changes in place. */
  get all(): readonly KeyRow[] {
    return this.#all;
  }

  /** What a filter lets through. The array changes in place, as long as the same filter is asked for. */
  find(accepts: KeyFilter | undefined): readonly KeyRow[] {
    if (accepts === undefined) return this.#all;
    if (this.#found?.accepts !== accepts) {
      this.#found = { accepts, rows: this.#all.filter(({ id }) => accepts(id)) };
    }
    return this.#found.rows;
  }

  /** In place of the row of the same key, if there is one; whether there was. */
  put(row: KeyRow): boolean {
    if (this.#found?.accepts(row.id)) putInto(this.#found.rows, row);
    return putInto(this.#all, row);
  }

  /** Whether it was there. */
  delete(id: KeyId): boolean {
    if (this.#found?.accepts(id)) deleteFrom(this.#found.rows, id);
    return deleteFrom(this.#all, id);
  }
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

function putInto(rows: KeyRow[], row: KeyRow): boolean {
  const at = lowerBound(rows, row.id);
  const isThere = rows[at]?.id === row.id;
  rows.splice(at, isThere ? 1 : 0, row);
  return isThere;
}

function deleteFrom(rows: KeyRow[], id: KeyId): boolean {
  const at = lowerBound(rows, id);
  const isThere = rows[at]?.id === id;
  if (isThere) rows.splice(at, 1);
  return isThere;
}
