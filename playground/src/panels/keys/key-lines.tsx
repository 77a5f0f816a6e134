import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef } from "react";
import type { KeyId } from "./key-id.ts";
import { LineView } from "./key-line.tsx";
import type { KeyRow } from "./key-rows.ts";
import type { Line, Lines } from "./lines.ts";
import { pickedState, type Selection } from "./use-selection.ts";

export interface KeyLinesProps {
  readonly lines: Lines;
  readonly rows: readonly KeyRow[];
  readonly isTree: boolean;
  readonly selection: Selection;
  /** The key that is open beside the list. */
  readonly openKey: KeyId | undefined;
  readonly onOpen: (id: KeyId) => void;
  readonly onFolder: (folders: readonly KeyId[], open: boolean) => void;
  readonly onDelete: () => void;
}

const lineHeight = 28;
/** A change is shown for so long. */
const freshMs = 1_500;

/** The list itself: only the lines in sight are in the page, however many there are. */
export function KeyLines(props: KeyLinesProps) {
  const { lines, rows, isTree, selection, openKey } = props;
  const name = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 12,
  });

  // The open key is in sight when a link names it, and when another line has opened it.
  const openIndex = openKey === undefined ? -1 : lines.indexOf("key", openKey);
  const shownKey = useRef<KeyId>(undefined);
  useEffect(() => {
    if (openIndex === -1 || shownKey.current === openKey) return;
    shownKey.current = openKey;
    virtual.scrollToIndex(openIndex, { align: "auto" });
  }, [openIndex, openKey, virtual]);

  function goTo(index: number, extend: boolean): void {
    const kept = Math.max(0, Math.min(index, lines.length - 1));
    if (extend) selection.extendTo(kept);
    else selection.setActive(kept);
    virtual.scrollToIndex(kept, { align: "auto" });
  }

  function press(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / lineHeight) - 1);
    if (!handleKey(event, props, page, goTo)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  function click(event: MouseEvent): void {
    const index = lineOf(event.target);
    const line = index === undefined ? undefined : lines.at(index);
    if (index === undefined || line === undefined) return;
    if (event.shiftKey) selection.extendTo(index);
    else if (event.ctrlKey || event.metaKey || isBox(event.target)) selection.toggle(index);
    else {
      selection.setActive(index);
      activate(line, props.onOpen, props.onFolder);
    }
  }

  const now = performance.now();
  const items = virtual.getVirtualItems();
  const isActiveInSight = items.some(({ index }) => index === selection.active);
  return (
    <div
      ref={scroller}
      className="key-lines"
      role="tree"
      aria-label="Keys"
      aria-multiselectable="true"
      aria-activedescendant={isActiveInSight ? `${name}-${selection.active}` : undefined}
      tabIndex={0}
      onKeyDown={press}
      onClick={click}
    >
      <div className="key-lines-inside" role="presentation" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const line = lines.at(index);
          if (line === undefined) return null;
          const [row, folder] = line.kind === "key" ? [line.row] : [undefined, line];
          return (
            <LineView
              key={row ? line.id : `${line.id} folder`}
              id={`${name}-${index}`}
              index={index}
              start={start}
              label={line.label}
              depth={line.depth}
              isTree={isTree}
              isActive={index === selection.active}
              isShown={row !== undefined && line.id === openKey}
              isFresh={row !== undefined && isFresh(row, now)}
              picked={pickedState(line, rows, selection.picked)}
              row={row}
              isOpen={folder?.isOpen}
              count={folder && folder.to - folder.from}
            />
          );
        })}
      </div>
    </div>
  );
}

/** What was there before has not changed here, however short a time the page has been open. */
function isFresh({ changedAt }: KeyRow, now: number): boolean {
  return changedAt !== 0 && changedAt > now - freshMs;
}

/** Whether the key meant something here. */
function handleKey(
  event: KeyboardEvent,
  { lines, selection, onOpen, onFolder, onDelete }: KeyLinesProps,
  page: number,
  goTo: (index: number, extend: boolean) => void,
): boolean {
  const { active } = selection;
  const line = lines.at(active);
  const extend = event.shiftKey;
  const modified = event.ctrlKey || event.metaKey;
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: lines.length - 1,
  };
  const next = steps[event.key];
  if (next !== undefined) goTo(next, extend);
  else if (event.key === "a" && modified) selection.all();
  else if (modified || event.altKey || line === undefined) return false;
  else if (event.key === "Enter") activate(line, onOpen, onFolder);
  else if (event.key === " ") selection.toggle(active);
  else if (event.key === "Escape" && selection.picked.size > 0) selection.clear();
  else if (event.key === "Delete") onDelete();
  else if (event.key === "ArrowRight" && line.kind === "folder") {
    if (line.isOpen) goTo(active + 1, false);
    else onFolder([line.id], true);
  } else if (event.key === "ArrowLeft" && line.kind === "folder" && line.isOpen) onFolder([line.id], false);
  else if (event.key === "ArrowLeft" && line.depth > 0) goTo(parentOf(lines, active), false);
  else return false;
  return true;
}

function activate(line: Line, onOpen: KeyLinesProps["onOpen"], onFolder: KeyLinesProps["onFolder"]): void {
  if (line.kind === "key") onOpen(line.id);
  else onFolder([line.id], !line.isOpen);
}

function parentOf(lines: Lines, index: number): number {
  const depth = lines.at(index)?.depth ?? 0;
  for (let at = index - 1; at >= 0; at--) if ((lines.at(at)?.depth ?? 0) < depth) return at;
  return 0;
}

/** The index of the line that was clicked. */
function lineOf(target: EventTarget): number | undefined {
  const index = target instanceof Element ? target.closest<HTMLElement>(".key-line")?.dataset.index : undefined;
  return index === undefined ? undefined : Number(index);
}

function isBox(target: EventTarget): boolean {
  return target instanceof Element && target.closest(".pick-box") !== null;
}
