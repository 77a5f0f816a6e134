import { countOf } from "../text/count-of.ts";
import { Panel } from "../ui/panel.tsx";
import { type KeyWindow, shownKeys } from "./key-window.ts";

interface KeysPanelProps {
  /** Undefined: not read yet. */
  readonly keys: KeyWindow | undefined;
  /** The key in the form. */
  readonly selected: string;
  readonly onSelect: (key: string) => void;
}

/** The keys under the watched prefix; a click takes one into the form. */
export function KeysPanel({ keys, selected, onSelect }: KeysPanelProps) {
  return (
    <Panel name="keys" title="Keys" aside={keys && <KeyCount keys={keys} />}>
      {keys === undefined && <p className="hint">They are read when the watch is open.</p>}
      {keys?.total === 0 && <p className="hint">There is no key yet.</p>}
      {keys !== undefined && keys.total > 0 && (
        <ul className="key-list">
          {keys.keys.slice(0, shownKeys).map(({ text }) => (
            <li key={text}>
              <button type="button" aria-current={text === selected} title={text} onClick={() => onSelect(text)}>
                {text}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function KeyCount({ keys: { total, revision } }: { readonly keys: KeyWindow }) {
  const count = total > shownKeys ? `first ${shownKeys} of ${countOf(total, "key")}` : countOf(total, "key");
  return (
    <p className="meta">
      {count} <span>at revision {revision.toString()}</span>
    </p>
  );
}
