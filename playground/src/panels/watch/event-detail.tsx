import { KeyRound, X } from "lucide-react";
import { panelHref } from "../../route/router.ts";
import { formatBytes } from "../../text/format.ts";
import { keyText, utf8 } from "../../text/key-text.ts";
import { IconButton } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import type { Row } from "./board.ts";

/** One event, whole. */
export function EventDetail({ row, onClose }: { readonly row: Row; readonly onClose: () => void }) {
  if (row.kind === "mark") return null;
  const { event, revision } = row;
  const key = keyText(event.kv.key);
  return (
    <section className="event-detail" aria-label="Event">
      <header>
        <h2 className="mono">{key}</h2>
        <span className="muted number">
          {event.type} at revision {revision.toString()}
          {event.prevKv && `, before: revision ${event.prevKv.modRevision}`}
        </span>
        <a className="event-open" href={panelHref("keys", { key })}>
          <KeyRound aria-hidden="true" />
          Open the key
        </a>
        <IconButton icon={X} label="Close the event" onPress={onClose} />
      </header>
      <div className="event-values">
        {event.prevKv && <Value title="Before" value={event.prevKv.value} />}
        {event.type === "put" && <Value title="Now" value={event.kv.value} />}
      </div>
    </section>
  );
}

function Value({ title, value }: { readonly title: string; readonly value: Uint8Array }) {
  return (
    <div>
      <h3>
        {title} <span className="muted">{formatBytes(value.length)}</span>
      </h3>
      <CodeBlock code={utf8(value) ?? keyText(value)} label={title} />
    </div>
  );
}
