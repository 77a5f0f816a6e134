import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { keyText, utf8 } from "../../text/key-text.ts";
import type { Row } from "./board.ts";
import { WatchTag } from "./watch-list.tsx";

const rowHeight = 28;

/** Events by revision, the newest at the end and in sight, unless somebody scrolled up. Any number of them. */
export function EventList(props: {
  readonly rows: readonly Row[];
  readonly selected: number | undefined;
  readonly onSelect: (id: number) => void;
}) {
  const { rows, selected, onSelect } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const last = rows.at(-1)?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each new row
  useEffect(() => {
    if (atEnd.current && rows.length > 0) virtual.scrollToIndex(rows.length - 1, { align: "end" });
  }, [last]);

  function press(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = rows.findIndex(({ id }) => id === selected);
    const next = index === -1 ? rows.length - 1 : Math.min(rows.length - 1, Math.max(0, index + step));
    const row = rows[next];
    if (row === undefined) return;
    onSelect(row.id);
    virtual.scrollToIndex(next);
  }

  return (
    <div className="event-list">
      <div className="event-head" aria-hidden="true">
        <span>Time</span>
        <span>Revision</span>
        <span>Watch</span>
        <span>Event</span>
        <span>Key</span>
        <span>Value</span>
        <span>Before</span>
      </div>
      <section
        ref={scroller}
        className="event-scroll"
        aria-label="Events"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
        tabIndex={0}
        onKeyDown={press}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          atEnd.current = scrollTop + clientHeight > scrollHeight - rowHeight;
        }}
      >
        <ol className="event-rows" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            return (
              row && (
                <li key={row.id} className="event-place" style={{ transform: `translateY(${start}px)` }}>
                  {row.kind === "mark" ? (
                    <p className="event-mark" data-tone={row.tone}>
                      {row.text}
                    </p>
                  ) : (
                    <EventRow row={row} isSelected={row.id === selected} onSelect={() => onSelect(row.id)} />
                  )}
                </li>
              )
            );
          })}
        </ol>
      </section>
    </div>
  );
}

function EventRow(props: {
  readonly row: Extract<Row, { kind: "event" }>;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}) {
  const { event, watch, revision, begins, at } = props.row;
  return (
    <button
      type="button"
      tabIndex={-1}
      className="event-row"
      aria-pressed={props.isSelected}
      data-begins={begins}
      onClick={props.onSelect}
    >
      <time className="muted number">{begins ? clock(at) : ""}</time>
      <span className="number">{begins ? revision.toString() : ""}</span>
      <WatchTag id={watch} />
      <span className="event-type" data-type={event.type}>
        {event.type === "put" && event.isCreate ? "create" : event.type}
      </span>
      <span className="mono event-cell">{keyText(event.kv.key)}</span>
      <span className="mono event-cell">{event.type === "put" ? line(event.kv.value) : ""}</span>
      <span className="mono event-cell muted">{event.prevKv ? line(event.prevKv.value) : ""}</span>
    </button>
  );
}

function clock(at: Date): string {
  return `${at.toLocaleTimeString("en-GB")}.${String(at.getMilliseconds()).padStart(3, "0")}`;
}

function line(value: Uint8Array): string {
  const first = value.subarray(0, 300);
  return utf8(first)?.replaceAll(/\s+/g, " ") ?? keyText(first);
}
