import { useCallback, useMemo, useState } from "react";
import { type KeyFilter, parseFilter } from "./key-filter.ts";
import type { KeyId } from "./key-id.ts";
import type { KeyListState } from "./key-list.ts";
import type { KeyRow } from "./key-rows.ts";
import { flatLines, type Lines, treeLines } from "./lines.ts";

export interface LinesOptions {
  readonly keys: KeyListState;
  readonly filter: string;
  /** "": a flat list. */
  readonly separator: string;
}

export interface ShownLines {
  readonly lines: Lines;
  /** Those that the filter lets through, folders open or not. */
  readonly rows: readonly KeyRow[];
  /** What is wrong with the filter. */
  readonly fault: string | undefined;
  /** Keeps its identity. */
  readonly setOpen: (folders: readonly KeyId[], open: boolean) => void;
}

/** Up to so many keys, a tree begins open, and so does what a filter finds. */
const openedKeys = 200;

/** The keys as lines of a list or a tree. */
export function useLines({ keys, filter, separator }: LinesOptions): ShownLines {
  // What was opened or closed by hand; the rest is as its size says.
  const [byHand, setByHand] = useState<ReadonlyMap<KeyId, boolean>>(new Map());
  const [accepts, fault] = useMemo(() => readFilter(filter), [filter]);
  const rows = keys.rows.find(accepts);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows change in place, and `shape` says when it matters
  const lines = useMemo(() => {
    const isOpen = (id: KeyId): boolean => byHand.get(id) ?? rows.length <= openedKeys;
    return separator === "" ? flatLines(rows) : treeLines(rows, separator, isOpen);
  }, [rows, keys.shape, separator, byHand]);
  const setOpen = useCallback((folders: readonly KeyId[], open: boolean): void => {
    setByHand((before) => new Map([...before, ...folders.map((id) => [id, open] as const)]));
  }, []);
  return { lines, rows, fault, setOpen };
}

function readFilter(text: string): readonly [filter: KeyFilter | undefined, fault: string | undefined] {
  try {
    return [parseFilter(text), undefined];
  } catch {
    return [undefined, "This is not a regular expression."];
  }
}
