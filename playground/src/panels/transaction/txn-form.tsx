import { Plus } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../../ui/button.tsx";
import { CompareLine } from "./compare-line.tsx";
import { type Branch, emptyForm, newCompare, newOp, type TxnForm } from "./form.ts";
import { OpLine } from "./op-line.tsx";

interface TxnFormProps {
  readonly form: TxnForm;
  readonly onChange: (form: TxnForm) => void;
  /** The operation that it is, "Else 1"; none: it is the whole. */
  readonly within?: string | undefined;
}

/** If, then, else. */
export function TxnFormView({ form, onChange, within }: TxnFormProps) {
  return (
    <div className="txn-form">
      <Part
        title="If"
        within={within}
        hint={form.compare.length === 0 ? "No compare: always." : "All of these hold"}
        add="Add a compare"
        onAdd={() => onChange({ ...form, compare: [...form.compare, newCompare] })}
      >
        {form.compare.map((row, index) => (
          <CompareLine
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
            key={index}
            name={named(`Compare ${index + 1}`, within)}
            row={row}
            onChange={(next) => onChange({ ...form, compare: form.compare.with(index, next) })}
            onRemove={() => onChange({ ...form, compare: form.compare.toSpliced(index, 1) })}
          />
        ))}
      </Part>
      <Operations branch="success" title="Then" form={form} onChange={onChange} within={within} />
      <Operations branch="failure" title="Else" form={form} onChange={onChange} within={within} />
    </div>
  );
}

function Operations({
  branch,
  title,
  form,
  onChange,
  within,
}: TxnFormProps & { readonly branch: Branch; readonly title: string }) {
  const rows = form[branch];
  return (
    <Part
      title={title}
      within={within}
      hint={rows.length === 0 ? "Nothing is done." : "All at one revision"}
      add={`Add to ${title.toLowerCase()}`}
      onAdd={() => onChange({ ...form, [branch]: [...rows, newOp] })}
    >
      {rows.map((row, index) => {
        const name = named(`${title} ${index + 1}`, within);
        const change = (next: typeof row): void => onChange({ ...form, [branch]: rows.with(index, next) });
        return (
          <OpLine
            // biome-ignore lint/suspicious/noArrayIndexKey: an operation is its place
            key={index}
            name={name}
            row={row}
            onChange={change}
            onRemove={() => onChange({ ...form, [branch]: rows.toSpliced(index, 1) })}
          >
            {row.kind === "txn" && (
              <TxnFormView form={row.txn ?? emptyForm} onChange={(txn) => change({ ...row, txn })} within={name} />
            )}
          </OpLine>
        );
      })}
    </Part>
  );
}

interface PartProps {
  readonly title: string;
  readonly within: string | undefined;
  readonly hint: string;
  readonly add: string;
  readonly onAdd: () => void;
  readonly children: ReactNode;
}

function Part({ title, within, hint, add, onAdd, children }: PartProps) {
  const Heading = within === undefined ? "h2" : "h3";
  return (
    <section className="txn-part" aria-label={named(title, within)}>
      <header>
        <Heading>{title}</Heading>
        <span className="muted">{hint}</span>
        <Button kind="quiet" icon={Plus} onPress={onAdd}>
          {within !== undefined && <span className="visually-hidden">{within}: </span>}
          {add}
        </Button>
      </header>
      <ul>{children}</ul>
    </section>
  );
}

/** For screen readers: lines of a transaction in a transaction say in which. */
function named(name: string, within: string | undefined): string {
  return within === undefined ? name : `${within}: ${name}`;
}
