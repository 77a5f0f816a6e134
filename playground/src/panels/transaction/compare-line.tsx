import { X } from "lucide-react";
import { IconButton } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import type { CompareRow } from "./form.ts";

const targets = [
  { id: "missing", label: "is missing" },
  { id: "exists", label: "exists" },
  { id: "value", label: "has a value" },
  { id: "version", label: "has a version" },
  { id: "modRevision", label: "has a mod revision" },
  { id: "createRevision", label: "has a create revision" },
  { id: "lease", label: "has a lease" },
] as const;

const relations = [
  { id: "equals", label: "=" },
  { id: "notEquals", label: "≠" },
  { id: "greater", label: ">" },
  { id: "less", label: "<" },
] as const;

/** One compare. */
export function CompareLine(props: {
  readonly name: string;
  readonly row: CompareRow;
  readonly onChange: (row: CompareRow) => void;
  readonly onRemove: () => void;
}) {
  const { name, row, onChange } = props;
  const alone = row.target === "missing" || row.target === "exists";
  return (
    <li className="txn-line">
      <TextField
        className="txn-key"
        label={`${name}: key`}
        hideLabel
        placeholder="key"
        value={row.key}
        onChange={(key) => onChange({ ...row, key })}
        mono
      />
      <Select
        label={`${name}: what`}
        hideLabel
        choices={targets}
        value={row.target}
        onChange={(target) => onChange({ ...row, target, prefix: false })}
      />
      {!alone && (
        <>
          <Select
            label={`${name}: relation`}
            hideLabel
            className="txn-relation"
            choices={relations}
            value={row.relation}
            onChange={(relation) => onChange({ ...row, relation })}
          />
          <TextField
            className="txn-value"
            label={`${name}: against`}
            hideLabel
            placeholder={row.target === "value" ? "value" : row.target === "lease" ? "id" : "number"}
            value={row.against}
            onChange={(against) => onChange({ ...row, against })}
            mono
          />
        </>
      )}
      <IconButton icon={X} label={`Remove ${name}`} onPress={props.onRemove} />
    </li>
  );
}
