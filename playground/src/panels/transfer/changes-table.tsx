import { useState } from "react";
import { countOf, formatBytes, formatCount } from "../../text/format.ts";
import { keyText, utf8 } from "../../text/key-text.ts";
import { Badge, Note, type Tone } from "../../ui/notes.tsx";
import { Table } from "../../ui/table.tsx";
import { Segmented } from "../../ui/toggles.tsx";
import type { Change, ChangeKind } from "./plan.ts";

const tones: Readonly<Record<ChangeKind, Tone>> = {
  created: "good",
  changed: "wait",
  deleted: "bad",
  unchanged: "plain",
};
const kinds = Object.keys(tones) as ChangeKind[];
const shownRows = 200;
const shownCharacters = 120;

/** What an import would do, key by key. */
export function ChangesTable({ changes }: { readonly changes: readonly Change[] }) {
  const [kind, setKind] = useState<ChangeKind | "all">("all");
  const chosen = kind === "all" ? changes : changes.filter((change) => change.kind === kind);
  const rows = chosen.slice(0, shownRows);
  const losing = changes.filter((change) => change.kind === "changed" && change.before?.lease).length;
  return (
    <>
      <Segmented
        label="Which changes"
        value={kind}
        onChange={setKind}
        choices={[
          { id: "all", label: `All ${formatCount(changes.length)}` },
          ...kinds.map((each) => ({
            id: each,
            label: `${formatCount(changes.filter((change) => change.kind === each).length)} ${each}`,
          })),
        ]}
      />
      {rows.length > 0 && (
        <Table label="Changes" head={["", "Key", "Now", "Then"]}>
          {rows.map((change) => (
            <ChangeRow key={keyText(change.key)} change={change} />
          ))}
        </Table>
      )}
      {chosen.length > rows.length && (
        <p className="muted">
          The first {formatCount(rows.length)} of {countOf(chosen.length, "key")}; all of them count.
        </p>
      )}
      {losing > 0 && (
        <Note tone="wait">{countOf(losing, "key")} will no longer hang on a lease, and stay for good.</Note>
      )}
    </>
  );
}

function ChangeRow({ change: { kind, key, before, after } }: { readonly change: Change }) {
  return (
    <tr>
      <td>
        <Badge tone={tones[kind]}>{kind}</Badge>
      </td>
      <td className="mono transfer-key">{keyText(key)}</td>
      <td className="mono transfer-value">{before && shortValue(before.value)}</td>
      <td className="mono transfer-value">
        {after && (kind === "unchanged" ? <span className="muted">the same</span> : shortValue(after))}
      </td>
    </tr>
  );
}

function shortValue(value: Uint8Array): string {
  const text = utf8(value);
  if (text === undefined) return `${formatBytes(value.length)}, not text`;
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}… (${formatBytes(value.length)})` : text;
}
