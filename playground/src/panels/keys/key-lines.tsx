import { useVirtualizer } from "@tanstack/react-virtual";
import { Check, ChevronRight, Minus } from "lucide-react";
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef } from "react";
import { formatCount } from "../../text/format.ts";
import { keyText } from "../../text/key-text.ts";
import { type KeyId, toKey } from "./key-id.ts";
import type { KeyRow } from "./key-row.ts";
import type { Line } from "./key-tree.ts";
import { pickedState, type Selection } from "./use-selection.ts";

export interface KeyLinesProps {
  readonly lines: readonly Line[];
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
  const openIndex = openKey === undefined ? -1 : lines.findIndex((line) => line.kind === "key" && line.id === openKey);
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
    >
      <div className="key-lines-inside" role="presentation" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const line = lines[index];
          return (
            line && (
              <LineView
                key={line.kind === "key" ? line.id : `${line.id} folder`}
                id={`${name}-${index}`}
                line={line}
                index={index}
                start={start}
                isTree={isTree}
                isActive={index === selection.active}
                isOpen={line.kind === "key" && line.id === openKey}
                isFresh={line.kind === "key" && line.row.changedAt > now - freshMs}
                picked={pickedState(line, rows, selection.picked)}
                list={props}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

/** Whether the key meant something here. */
function handleKey(
  event: KeyboardEvent,
  { lines, selection, onOpen, onFolder, onDelete }: KeyLinesProps,
  page: number,
  goTo: (index: number, extend: boolean) => void,
): boolean {
  const { active } = selection;
  const line = lines[active];
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

function parentOf(lines: readonly Line[], index: number): number {
  const depth = lines[index]?.depth ?? 0;
  return lines.findLastIndex((line, at) => at < index && line.depth < depth);
}

interface LineViewProps {
  readonly id: string;
  readonly line: Line;
  readonly index: number;
  readonly start: number;
  readonly isTree: boolean;
  readonly isActive: boolean;
  readonly isOpen: boolean;
  readonly isFresh: boolean;
  readonly picked: "all" | "some" | "none";
  readonly list: KeyLinesProps;
}

function LineView({ id, line, index, start, isTree, isActive, isOpen, isFresh, picked, list }: LineViewProps) {
  const { selection, onOpen, onFolder } = list;

  function click(event: MouseEvent): void {
    if (event.shiftKey) selection.extendTo(index);
    else if (event.ctrlKey || event.metaKey || isBox(event.target)) selection.toggle(index);
    else {
      selection.setActive(index);
      activate(line, onOpen, onFolder);
    }
  }

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the focus, and handles keys
    <div
      id={id}
      className="key-line"
      role="treeitem"
      aria-selected={picked === "all"}
      aria-current={isOpen || undefined}
      aria-level={line.depth + 1}
      aria-expanded={line.kind === "folder" ? line.isOpen : undefined}
      tabIndex={-1}
      data-active={isActive || undefined}
      data-kind={line.kind}
      style={{ translate: `0 ${start}px`, "--depth": line.depth }}
      onClick={click}
    >
      {isFresh && line.kind === "key" && <span key={line.row.modRevision.toString()} className="fresh" />}
      <span className="pick-box" data-picked={picked}>
        {picked === "some" ? <Minus aria-hidden="true" /> : <Check aria-hidden="true" />}
      </span>
      <span className="line-indent" />
      {line.kind === "folder" ? (
        <ChevronRight className="line-chevron" data-open={line.isOpen} aria-hidden="true" />
      ) : (
        isTree && <span className="line-chevron" />
      )}
      <KeyLabel label={line.label} />
      <LineMeta line={line} />
    </div>
  );
}

/** Of a folder, how many keys it has; of a key, when it was changed last. */
function LineMeta({ line }: { readonly line: Line }) {
  if (line.kind === "folder") {
    const count = line.to - line.from;
    return (
      <span className="line-meta">
        <span className="visually-hidden">, </span>
        {formatCount(count)}
        <span className="visually-hidden">{count === 1 ? " key" : " keys"}</span>
      </span>
    );
  }
  return (
    <span className="line-meta" title={`Version ${line.row.version}, changed at revision ${line.row.modRevision}`}>
      <span className="visually-hidden">, revision </span>
      {line.row.modRevision.toString()}
    </span>
  );
}

/** Text as it is; what could not be seen, as escapes in another colour. */
function KeyLabel({ label }: { readonly label: KeyId }) {
  if (label === "") return <span className="line-label muted">(the folder’s own key)</span>;
  const text = keyText(toKey(label));
  if (!text.includes("\\")) return <span className="line-label">{text}</span>;
  return (
    <span className="line-label">
      {text.split(/((?:\\x[0-9a-f]{2})+)/).map((part, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text
        index % 2 === 1 ? <i key={index}>{part}</i> : part,
      )}
    </span>
  );
}

function isBox(target: EventTarget): boolean {
  return target instanceof Element && target.closest(".pick-box") !== null;
}
