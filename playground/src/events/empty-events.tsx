import type { Example } from "../editor/example.ts";
import type { UsedWatch } from "./use-watch.ts";

interface EmptyEventsProps {
  readonly watch: UsedWatch;
  /** Undefined: there is none for this prefix. */
  readonly example: Example | undefined;
  readonly onExample: (example: Example) => void;
}

/** In place of the list while there is nothing in it: what to do. */
export function EmptyEvents({ watch, example, onExample }: EmptyEventsProps) {
  if (watch.failure !== undefined) {
    return watch.failure.code === "closed" ? <p className="hint empty">Connect to watch.</p> : null;
  }
  if (watch.keys === undefined) return <p className="hint empty">The watch opens as soon as etcd answers.</p>;
  return (
    <div className="empty">
      <p className="hint">
        The watch is open: put or delete a key, here or anywhere else, and it appears in this list.
      </p>
      {example && (
        <button type="button" className="primary" onClick={() => onExample(example)}>
          Put <code>{example.key}</code> = <code>{example.value}</code>
        </button>
      )}
    </div>
  );
}
