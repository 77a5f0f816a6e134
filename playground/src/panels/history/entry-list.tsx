import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useId, useRef } from "react";
import { formatBytes } from "../../text/format.ts";
import { keyText } from "../../text/key-text.ts";
import { Badge, type Tone } from "../../ui/notes.tsx";
import type { Entry } from "./history-log.ts";

const lineHeight = 32;
const tones: Readonly<Record<Entry["kind"], Tone>> = { create: "good", change: "note", delete: "bad", kept: "plain" };
const words: Readonly<Record<Entry["kind"], string>> = {
  create: "created",
  change: "changed",
  delete: "deleted",
  kept: "kept",
};

interface EntryListProps {
  /** Newest first. */
  readonly entries: readonly Entry[];
  readonly selected: Entry | undefined;
  readonly onSelect: (entry: Entry) => void;
  readonly showKeys: boolean;
}

/** The entries, of which only those in sight are in the page. */
export function EntryList({ entries, selected, onSelect, showKeys }: EntryListProps) {
  const name = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 10,
  });

  function press(event: KeyboardEvent): void {
    const at = selected === undefined ? -1 : entries.indexOf(selected);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
    const entry = next === undefined ? undefined : entries[Math.max(0, Math.min(next, entries.length - 1))];
    if (next === undefined || entry === undefined) return;
    event.preventDefault();
    onSelect(entry);
    virtual.scrollToIndex(entries.indexOf(entry), { align: "auto" });
  }

  return (
    <div
      ref={scroller}
      className="entry-list"
      role="listbox"
      aria-label="Revisions, newest first"
      aria-activedescendant={selected && `${name}-${selected.index}`}
      tabIndex={0}
      onKeyDown={press}
    >
      <div className="entry-list-inside" role="presentation" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const entry = entries[index];
          return (
            entry && (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the focus, and handles keys
              <div
                key={entry.index}
                id={`${name}-${entry.index}`}
                className="entry"
                role="option"
                tabIndex={-1}
                aria-selected={entry === selected}
                aria-posinset={index + 1}
                aria-setsize={entries.length}
                style={{ translate: `0 ${start}px` }}
                onClick={() => onSelect(entry)}
              >
                <span className="entry-revision">{entry.revision.toString()}</span>
                <Badge tone={tones[entry.kind]}>{words[entry.kind]}</Badge>
                {showKeys && <span className="entry-key mono">{keyText(entry.key)}</span>}
                <span className="entry-size">{entry.kv && formatBytes(entry.kv.value.length)}</span>
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}
