import { Check, ChevronRight, Minus } from "lucide-react";
import { memo } from "react";
import { formatCount } from "../../text/format.ts";
import { keyText } from "../../text/key-text.ts";
import { type KeyId, toKey } from "./key-id.ts";
import type { KeyRow } from "./key-rows.ts";

export interface LineViewProps {
  readonly id: string;
  readonly index: number;
  /** Pixels from the first line. */
  readonly start: number;
  readonly label: KeyId;
  readonly depth: number;
  readonly isTree: boolean;
  readonly isActive: boolean;
  /** It is the key that is open beside the list. */
  readonly isShown: boolean;
  readonly isFresh: boolean;
  readonly picked: "all" | "some" | "none";
  /** Of a key. */
  readonly row: KeyRow | undefined;
  /** Of a folder: whether it is open, and how many keys it has. */
  readonly isOpen: boolean | undefined;
  readonly count: number | undefined;
}

/** A line of the list, drawn again only when it has changed: every scroll and every change of a key draws the list. */
export const LineView = memo(function LineView(props: LineViewProps) {
  const { row, isOpen, picked } = props;
  return (
    <div
      id={props.id}
      className="key-line"
      role="treeitem"
      aria-selected={picked === "all"}
      aria-current={props.isShown || undefined}
      aria-level={props.depth + 1}
      aria-expanded={isOpen}
      tabIndex={-1}
      data-index={props.index}
      data-active={props.isActive || undefined}
      data-kind={row ? "key" : "folder"}
      style={{ top: props.start, "--depth": props.depth }}
    >
      {props.isFresh && <span key={row?.modRevision.toString()} className="fresh" />}
      <span className="pick-box" data-picked={picked}>
        {picked === "some" ? <Minus aria-hidden="true" /> : <Check aria-hidden="true" />}
      </span>
      <span className="line-indent" />
      {row ? (
        props.isTree && <span className="line-chevron" />
      ) : (
        <ChevronRight className="line-chevron" data-open={isOpen} aria-hidden="true" />
      )}
      <KeyLabel label={props.label} />
      {row ? <Changed row={row} /> : <Count count={props.count ?? 0} />}
    </div>
  );
});

/** Of a key, when it was changed last. */
function Changed({ row }: { readonly row: KeyRow }) {
  return (
    <span className="line-meta" title={`Version ${row.version}, changed at revision ${row.modRevision}`}>
      <span className="visually-hidden">, revision </span>
      {row.modRevision.toString()}
    </span>
  );
}

/** Of a folder, how many keys it has. */
function Count({ count }: { readonly count: number }) {
  return (
    <span className="line-meta">
      <span className="visually-hidden">, </span>
      {formatCount(count)}
      <span className="visually-hidden">{count === 1 ? " key" : " keys"}</span>
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
