import type { ReactNode } from "react";
import "./table.css";

/** A plain table with a name; its rows are `<tr>`. For thousands of rows see the keys panel's virtual list. */
export function Table(props: {
  readonly label: string;
  readonly head: readonly ReactNode[];
  readonly children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
    <section className="table-scroll" aria-label={props.label} tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            {props.head.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the columns are fixed
              <th key={index} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </section>
  );
}
