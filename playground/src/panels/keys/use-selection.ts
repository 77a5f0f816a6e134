import { useState } from "react";
import type { KeyId } from "./key-id.ts";
import type { KeyRow } from "./key-rows.ts";
import type { Line, Lines } from "./lines.ts";

/** Which line the keyboard is at, and which keys are picked. */
export interface Selection {
  readonly active: number;
  readonly picked: ReadonlySet<KeyId>;
  setActive(index: number): void;
  /** Adds what a line stands for, or takes it out. */
  toggle(index: number): void;
  /** Adds everything from the last line toggled or gone to until this one. */
  extendTo(index: number): void;
  all(): void;
  clear(): void;
}

export function useSelection(lines: Lines, rows: readonly KeyRow[]): Selection {
  const [activeLine, setActiveLine] = useState<Pick<Line, "kind" | "id">>();
  const [activeIndex, setActiveIndex] = useState(0);
  const [anchor, setAnchor] = useState(0);
  const [picked, setPicked] = useState<ReadonlySet<KeyId>>(new Set());

  // The line that the keyboard is at may have moved since.
  const moved = activeLine === undefined ? -1 : indexNow(lines, activeLine, activeIndex);
  const active = moved === -1 ? Math.max(0, Math.min(activeIndex, lines.length - 1)) : moved;

  function setActive(index: number): void {
    const kept = Math.max(0, Math.min(index, lines.length - 1));
    setActiveIndex(kept);
    setActiveLine(lines.at(kept));
  }

  function idsOf(line: Line | undefined): readonly KeyId[] {
    if (line === undefined) return [];
    return line.kind === "key" ? [line.id] : rows.slice(line.from, line.to).map(({ id }) => id);
  }

  return {
    active,
    picked,
    setActive(index) {
      setActive(index);
      setAnchor(index);
    },
    toggle(index) {
      const ids = idsOf(lines.at(index));
      const next = new Set(picked);
      const takeOut = ids.every((id) => picked.has(id));
      for (const id of ids) {
        if (takeOut) next.delete(id);
        else next.add(id);
      }
      setPicked(next);
      setActive(index);
      setAnchor(index);
    },
    extendTo(index) {
      const [from, to] = anchor < index ? [anchor, index] : [index, anchor];
      const added = Array.from({ length: to - from + 1 }, (_, i) => idsOf(lines.at(from + i)));
      setPicked(new Set([...picked, ...added.flat()]));
      setActive(index);
    },
    all: () => setPicked(new Set(rows.map(({ id }) => id))),
    clear: () => setPicked(new Set()),
  };
}

function indexNow(lines: Lines, { kind, id }: Pick<Line, "kind" | "id">, before: number): number {
  const there = lines.at(before);
  return there?.kind === kind && there.id === id ? before : lines.indexOf(kind, id);
}

/** Whether everything that a line stands for is picked, or some of it. */
export function pickedState(line: Line, rows: readonly KeyRow[], picked: ReadonlySet<KeyId>): "all" | "some" | "none" {
  if (picked.size === 0) return "none";
  if (line.kind === "key") return picked.has(line.id) ? "all" : "none";
  const members = rows.slice(line.from, line.to);
  const count = members.reduce((sum, { id }) => sum + (picked.has(id) ? 1 : 0), 0);
  if (count === 0) return "none";
  return count === members.length ? "all" : "some";
}
