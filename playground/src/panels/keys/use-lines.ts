import { useMemo, useState } from "react";
import { type KeyFilter, parseFilter } from "./key-filter.ts";
import type { KeyId } from "./key-id.ts";
import type { KeyListState } from "./key-list.ts";
import type { KeyRow } from "./key-row.ts";
import { flatLines, type Line, treeLines } from "./key-tree.ts";

export interface LinesOptions {
  readonly keys: KeyListState;
  readonly filter: string;
  /** "": a flat list. */
  readonly separator: string;
}

export interface Lines {
  readonly lines: readonly Line[];
  /** Those that the filter lets through, folders open or not. */
  readonly rows: readonly KeyRow[];
  /** What is wrong with the filter. */
  readonly fault: string | undefined;
  setOpen(folders: readonly KeyId[], open: boolean): void;
}

/** Up to so many keys, a tree begins open, and so does what a filter finds. */
const openedKeys = 200;

/** The keys as lines of a list or a tree. */
export function useLines({ keys, filter, separator }: LinesOptions): Lines {
  // What was opened or closed by hand; the rest is as its size says.
  const [byHand, setByHand] = useState<ReadonlyMap<KeyId, boolean>>(new Map());
  const [accepts, fault] = useMemo(() => readFilter(filter), [filter]);
  const { rows, lines } = useMemo(() => {
    const found = accepts ? keys.rows.filter(({ id }) => accepts(id)) : keys.rows;
    const isOpen = (id: KeyId): boolean => byHand.get(id) ?? found.length <= openedKeys;
    return { rows: found, lines: separator === "" ? flatLines(found) : treeLines(found, separator, isOpen) };
  }, [keys, accepts, separator, byHand]);
  return {
    lines,
    rows,
    fault,
    setOpen: (folders, open) => setByHand(new Map([...byHand, ...folders.map((id) => [id, open] as const)])),
  };
}

function readFilter(text: string): readonly [filter: KeyFilter | undefined, fault: string | undefined] {
  try {
    return [parseFilter(text), undefined];
  } catch {
    return [undefined, "This is not a regular expression."];
  }
}
