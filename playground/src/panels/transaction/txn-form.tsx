import { Plus } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../../ui/button.tsx";
import { CompareLine } from "./compare-line.tsx";
import { type Branch, newCompare, newOp, type TxnForm } from "./form.ts";
import { OpLine } from "./op-line.tsx";

interface TxnFormProps {
  readonly form: TxnForm;
  readonly onChange: (form: TxnForm) => void;
}

/** If, then, else. */
export function TxnFormView({ form, onChange }: TxnFormProps) {
  return (
    <div className="txn-form">
      <Part
        title="If"
        hint={form.compare.length === 0 ? "No compare: always." : "All of these hold"}
        add="Add a compare"
        onAdd={() => onChange({ ...form, compare: [...form.compare, newCompare] })}
      >
        {form.compare.map((row, index) => (
          <CompareLine
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
            key={index}
            name={`Compare ${index + 1}`}
            row={row}
            onChange={(next) => onChange({ ...form, compare: form.compare.with(index, next) })}
            onRemove={() => onChange({ ...form, compare: form.compare.toSpliced(index, 1) })}
          />
        ))}
      </Part>
      <Operations branch="success" title="Then" form={form} onChange={onChange} />
      <Operations branch="failure" title="Else" form={form} onChange={onChange} />
    </div>
  );
}

function Operations({
  branch,
  title,
  form,
  onChange,
}: TxnFormProps & { readonly branch: Branch; readonly title: string }) {
  const rows = form[branch];
  return (
    <Part
      title={title}
      hint={rows.length === 0 ? "Nothing is done." : "All at one revision"}
      add={`Add to ${title.toLowerCase()}`}
      onAdd={() => onChange({ ...form, [branch]: [...rows, newOp] })}
    >
      {rows.map((row, index) => (
        <OpLine
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
          key={index}
          name={`${title} ${index + 1}`}
          row={row}
          onChange={(next) => onChange({ ...form, [branch]: rows.with(index, next) })}
          onRemove={() => onChange({ ...form, [branch]: rows.toSpliced(index, 1) })}
        />
      ))}
    </Part>
  );
}

function Part(props: {
  readonly title: string;
  readonly hint: string;
  readonly add: string;
  readonly onAdd: () => void;
  readonly children: ReactNode;
}) {
  return (
    <section className="txn-part" aria-label={props.title}>
      <header>
        <h2>{props.title}</h2>
        <span className="muted">{props.hint}</span>
        <Button kind="quiet" icon={Plus} onPress={props.onAdd}>
          {props.add}
        </Button>
      </header>
      <ul>{props.children}</ul>
    </section>
  );
}
