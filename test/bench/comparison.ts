import { anchor } from "./contenders/contender.ts";
import type { Column, Table } from "./table.ts";

/** What is compared, and how it is told. */
export interface ComparisonOptions<ColumnName extends string> {
  readonly title: string;
  readonly columns: Readonly<Record<ColumnName, Column["better"]>>;
  readonly rows: readonly string[];
  /** The row that ratios are to; default: the bare stub. */
  readonly base?: string;
  /** Whether a worse ratio of this row is our fault; default: where it is named after this package. */
  readonly ours?: (row: string) => boolean;
  readonly note?: string;
}

/** A table that is being filled, round by round. */
export class Comparison<ColumnName extends string> {
  readonly #options: ComparisonOptions<ColumnName>;
  readonly #samples = new Map<string, number[]>();

  constructor(options: ComparisonOptions<ColumnName>) {
    this.#options = options;
  }

  add(row: string, figures: Readonly<Partial<Record<ColumnName, number | undefined>>>): void {
    if (!this.#options.rows.includes(row)) throw new Error(`${this.#options.title} has no row ${row}`);
    for (const [column, figure] of Object.entries<number | undefined>(figures)) {
      if (figure !== undefined) this.#of(row, column).push(figure);
    }
  }

  get table(): Table {
    const { title, columns, rows, base = anchor, note, ours = isOurs } = this.#options;
    const names = Object.keys(columns) as ColumnName[];
    return {
      title,
      columns: names.map((name) => ({ name, better: columns[name] })),
      rows: rows.map((name) => ({
        name,
        ours: ours(name),
        samples: names.map((column) => this.#of(name, column)),
      })),
      base,
      note,
    };
  }

  #of(row: string, column: string): number[] {
    const id = JSON.stringify([row, column]);
    const samples = this.#samples.get(id) ?? [];
    this.#samples.set(id, samples);
    return samples;
  }
}

function isOurs(row: string): boolean {
  return row.startsWith("etcd-web");
}
