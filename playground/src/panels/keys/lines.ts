import type { KeyId } from "./key-id.ts";
import { type KeyRow, lowerBound } from "./key-rows.ts";

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

/**
 * The lines of rows. A key's line is made when it is asked for, from the row as it is then: the lines stay right while
 * rows change in place, until a key comes or goes.
 */
export interface Lines {
  readonly length: number;
  at(index: number): Line | undefined;
  /** -1: there is none. */
  indexOf(kind: Line["kind"], id: KeyId): number;
}

/** Neighbours that are lines alike: one folder, or keys `rows.slice(from, to)`. */
interface Stretch {
  /** The index of its first line. */
  readonly start: number;
  readonly folder?: FolderLine;
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  /** How much of a key its folder says. */
  readonly said: number;
}

/** Every key as a line. */
export function flatLines(rows: readonly KeyRow[]): Lines {
  return linesOf(rows, [{ start: 0, from: 0, to: rows.length, depth: 0, said: 0 }]);
}

/**
 * The lines of a tree. There is no tree to build: in sorted keys a folder is a stretch, and its end is found by halving,
 * so the cost is that of what is open.
 */
export function treeLines(rows: readonly KeyRow[], separator: string, isOpen: (folder: KeyId) => boolean): Lines {
  const stretches: Stretch[] = [];
  let start = 0;
  addLines(0, rows.length, 0, 0);
  return linesOf(rows, stretches);

  function add(stretch: Omit<Stretch, "start">): void {
    stretches.push({ start, ...stretch });
    start += stretch.folder ? 1 : stretch.to - stretch.from;
  }

  function addLines(from: number, to: number, said: number, depth: number): void {
    for (let at = from; at < to; ) {
      const endOfKeys = firstInFolder(at, to, said);
      if (endOfKeys > at) add({ from: at, to: endOfKeys, depth, said });
      at = endOfKeys < to ? addFolder(endOfKeys, to, said, depth) : to;
    }
  }

  function firstInFolder(from: number, to: number, said: number): number {
    for (let at = from; at < to; at++) if (rows[at]?.id.includes(separator, said)) return at;
    return to;
  }

  /** Where it ends. */
  function addFolder(from: number, most: number, said: number, depth: number): number {
    const first = rows[from]?.id ?? "";
    const to = endOfPrefix(rows, first.slice(0, first.indexOf(separator, said) + separator.length), from, most);
    const id = commonFolder(first, rows[to - 1]?.id ?? first, separator);
    const open = isOpen(id);
    const folder: FolderLine = { kind: "folder", id, label: id.slice(said), depth, isOpen: open, from, to };
    add({ folder, from, to, depth, said });
    if (open) addLines(from, to, id.length, depth + 1);
    return to;
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

function linesOf(rows: readonly KeyRow[], stretches: readonly Stretch[]): Lines {
  const last = stretches.at(-1);
  const length = last === undefined ? 0 : last.start + (last.folder ? 1 : last.to - last.from);
  return {
    length,
    at(index) {
      const stretch = index >= 0 && index < length ? stretchAt(stretches, index) : undefined;
      if (stretch === undefined || stretch.folder) return stretch?.folder;
      const row = rows[stretch.from + index - stretch.start];
      return row && { kind: "key", id: row.id, label: row.id.slice(stretch.said), depth: stretch.depth, row };
    },
    indexOf(kind, id) {
      if (kind === "folder") return stretches.find(({ folder }) => folder?.id === id)?.start ?? -1;
      const row = lowerBound(rows, id);
      if (rows[row]?.id !== id) return -1;
      const stretch = stretches.find(({ folder, from, to }) => !folder && from <= row && row < to);
      return stretch === undefined ? -1 : stretch.start + row - stretch.from;
    },
  };
}

/** The last that begins at the line or before. */
function stretchAt(stretches: readonly Stretch[], line: number): Stretch | undefined {
  let low = 0;
  let high = stretches.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((stretches[middle]?.start ?? 0) > line) high = middle - 1;
    else low = middle;
  }
  return stretches[low];
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
