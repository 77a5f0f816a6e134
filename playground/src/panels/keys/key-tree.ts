import type { KeyId } from "./key-id.ts";
import type { KeyRow } from "./key-row.ts";

/** A line of the list. */
export type Line = FolderLine | KeyLine;

interface AnyLine {
  /** Of a folder: the prefix that its keys share. */
  readonly id: KeyId;
  /** What its parent does not say already. */
  readonly label: KeyId;
  readonly depth: number;
}

export interface FolderLine extends AnyLine {
  readonly kind: "folder";
  readonly isOpen: boolean;
  /** Its keys: `rows.slice(from, to)`. */
  readonly from: number;
  readonly to: number;
}

export interface KeyLine extends AnyLine {
  readonly kind: "key";
  readonly row: KeyRow;
}

/** Every key as a line. */
export function flatLines(rows: readonly KeyRow[]): readonly Line[] {
  return rows.map((row) => ({ kind: "key", id: row.id, label: row.id, depth: 0, row }));
}

/**
 * The lines of a tree. There is no tree to build: in sorted keys a folder is a stretch, and its end is found by halving,
 * so the cost is that of the lines that are shown.
 */
export function treeLines(
  rows: readonly KeyRow[],
  separator: string,
  isOpen: (folder: KeyId) => boolean,
): readonly Line[] {
  const lines: Line[] = [];
  addLines(0, rows.length, 0, 0);
  return lines;

  function addLines(from: number, to: number, parentLength: number, depth: number): void {
    for (let at = from; at < to; ) {
      const row = rows[at];
      if (row === undefined) return;
      const cut = row.id.indexOf(separator, parentLength);
      if (cut === -1) {
        lines.push({ kind: "key", id: row.id, label: row.id.slice(parentLength), depth, row });
        at++;
        continue;
      }
      const end = endOfPrefix(rows, row.id.slice(0, cut + separator.length), at, to);
      const id = commonFolder(row.id, rows[end - 1]?.id ?? row.id, separator);
      const open = isOpen(id);
      lines.push({ kind: "folder", id, label: id.slice(parentLength), depth, isOpen: open, from: at, to: end });
      if (open) addLines(at, end, id.length, depth + 1);
      at = end;
    }
  }
}

/** The folders that a key lies in, as the tree of these rows has them, the outermost first. */
export function foldersOf(id: KeyId, separator: string): readonly KeyId[] {
  const folders: KeyId[] = [];
  for (let cut = id.indexOf(separator); cut !== -1; cut = id.indexOf(separator, cut + separator.length)) {
    folders.push(id.slice(0, cut + separator.length));
  }
  return folders;
}

/** Folders with nothing but one folder in them are one line: what the first and the last key have in common. */
function commonFolder(first: KeyId, last: KeyId, separator: string): KeyId {
  let length = 0;
  const most = Math.min(first.length, last.length);
  while (length < most && first.charCodeAt(length) === last.charCodeAt(length)) length++;
  const cut = first.lastIndexOf(separator, length - separator.length);
  return first.slice(0, cut + separator.length);
}

function endOfPrefix(rows: readonly KeyRow[], prefix: KeyId, from: number, to: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]?.id.startsWith(prefix)) low = middle + 1;
    else high = middle;
  }
  return low;
}
