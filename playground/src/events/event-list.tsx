import type { Ref } from "react";
import { EventRow } from "./event-row.tsx";
import type { SeenEvent } from "./seen-event.ts";

interface EventListProps {
  readonly events: readonly SeenEvent[];
  readonly ref: Ref<HTMLDivElement>;
}

/** The events, the newest on top. New ones are read out. */
export function EventList({ events, ref }: EventListProps) {
  return (
    <div
      ref={ref}
      className="event-scroll"
      role="log"
      aria-live="polite"
      aria-relevant="additions"
      aria-label="Events"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must be able to get into it
      tabIndex={0}
    >
      {events.length > 0 && (
        <>
          <p className="event event-head" aria-hidden="true">
            <span>Event</span>
            <span>Key</span>
            <span>Value</span>
            <span className="revision">Revision</span>
          </p>
          <ol className="event-list">
            {events.map((event) => (
              <EventRow key={event.id} event={event} />
            ))}
          </ol>
        </>
      )}
    </div>
  );
}
