import { useRef } from "react";
import type { Example } from "../editor/example.ts";
import { countOf } from "../text/count-of.ts";
import { Panel } from "../ui/panel.tsx";
import { EmptyEvents } from "./empty-events.tsx";
import { EventList } from "./event-list.tsx";
import { PrefixForm } from "./prefix-form.tsx";
import type { UsedWatch } from "./use-watch.ts";
import { WatchFailure } from "./watch-failure.tsx";
import { heldEvents } from "./watch-state.ts";

interface EventsPanelProps {
  readonly watch: UsedWatch;
  readonly prefix: string;
  readonly onPrefix: (prefix: string) => void;
  readonly example: Example | undefined;
  readonly onExample: (example: Example) => void;
}

/** The live watch. */
export function EventsPanel({ watch, prefix, onPrefix, example, onExample }: EventsPanelProps) {
  const list = useRef<HTMLDivElement>(null);
  const events = watch.held?.events ?? watch.events;

  // For buttons that vanish when they are pressed: the focus must be somewhere.
  function focusList(): void {
    list.current?.focus({ preventScroll: true });
  }

  return (
    <Panel name="events" title="Live watch" aside={<EventCount watch={watch} />}>
      <div className="toolbar">
        <PrefixForm prefix={prefix} onWatch={onPrefix} />
        <div className="buttons">
          <button type="button" className={watch.held && "primary"} onClick={watch.togglePause}>
            {watch.held ? "Resume" : "Pause"}
          </button>
          <button type="button" onClick={watch.clear}>
            Clear
          </button>
        </div>
      </div>
      {watch.failure && (
        <WatchFailure
          failure={watch.failure}
          onAgain={() => {
            focusList();
            watch.again();
          }}
        />
      )}
      {events.length === 0 && (
        <EmptyEvents
          watch={watch}
          example={example}
          onExample={(put) => {
            focusList();
            onExample(put);
          }}
        />
      )}
      <EventList events={events} ref={list} />
    </Panel>
  );
}

function EventCount({ watch: { seen, held } }: { readonly watch: UsedWatch }) {
  return (
    <p className="meta">
      {countOf(seen, "event")} seen{seen > heldEvents && `, the last ${heldEvents} kept`}
      {held && <span> · paused, {seen - held.seen} waiting</span>}
    </p>
  );
}
