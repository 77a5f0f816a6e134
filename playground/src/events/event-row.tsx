import { memo } from "react";
import { LongText } from "../text/long-text.tsx";
import type { SeenEvent } from "./seen-event.ts";

const tags = { "put new": "tag new", put: "tag put", delete: "tag delete" } as const;

/** One event. */
export const EventRow = memo(function EventRow({
  event: { type, key, value, revision },
}: {
  readonly event: SeenEvent;
}) {
  return (
    <li className="event">
      <span className={tags[type]}>{type}</span>
      <code className="key">{key}</code>
      <span className="event-value">{value && <LongText excerpt={value} short={120} />}</span>
      <span className="revision">
        <span className="visually-hidden">at revision </span>
        {revision.toString()}
      </span>
    </li>
  );
});
