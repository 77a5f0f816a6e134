import { X } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import type { OpRow } from "./form.ts";

type Kind = OpRow["kind"] | "delete-prefix";

const kinds: readonly { readonly id: Kind; readonly label: string }[] = [
  { id: "put", label: "Put" },
  { id: "get", label: "Get" },
  { id: "range", label: "Get prefix" },
  { id: "delete", label: "Delete" },
  { id: "delete-prefix", label: "Delete prefix" },
  { id: "txn", label: "Transaction" },
];

/** One operation; what is in it, where it is a transaction, stands below. */
export function OpLine(props: {
  readonly name: string;
  readonly row: OpRow;
  readonly onChange: (row: OpRow) => void;
  readonly onRemove: () => void;
  readonly children?: ReactNode;
}) {
  const { name, row, onChange } = props;
  const kind = row.kind === "delete" && row.prefix ? "delete-prefix" : row.kind;
  return (
    <li className="txn-line">
      <Select
        label={`${name}: operation`}
        hideLabel
        className="txn-kind"
        choices={kinds}
        value={kind}
        onChange={(next) => {
          const prefix = next === "delete-prefix";
          onChange({ ...row, kind: prefix ? "delete" : (next as OpRow["kind"]), prefix });
        }}
      />
      {kind !== "txn" && (
        <TextField
          className="txn-key"
          label={`${name}: key`}
          hideLabel
          placeholder={kind === "range" || kind === "delete-prefix" ? "prefix" : "key"}
          value={row.key}
          onChange={(key) => onChange({ ...row, key })}
          mono
        />
      )}
      {kind === "put" && (
        <TextField
          className="txn-value"
          label={`${name}: value`}
          hideLabel
          placeholder="value"
          value={row.value}
          onChange={(value) => onChange({ ...row, value })}
          mono
        />
      )}
      <IconButton icon={X} label={`Remove ${name}`} onPress={props.onRemove} />
      {props.children}
    </li>
  );
}
