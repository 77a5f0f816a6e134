import { formatCount, formatFigure, formatRatio, median, ratioOf } from "./samples.ts";

/** One kind of figure. */
export interface Column {
  readonly name: string;
  /** Which way is good; without it, no change is for the worse. */
  readonly better?: "less" | "more" | undefined;
}

/** Whose figures they are. */
export interface Row {
  readonly name: string;
  /** A worse ratio is our fault. */
  readonly ours: boolean;
  /** For each column, a figure a round; none where it was not tried. */
  readonly samples: readonly (readonly number[])[];
}

/** Figures to compare, as they were measured. */
export interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** The row that ratios are to. */
  readonly base: string;
  /** What one must know to read them. */
  readonly note?: string | undefined;
}

/** A row's ratio to another one, which is the base unless told; undefined where either has no figure. */
export function ratioIn(table: Table, row: string, column: string, base: string = table.base): number | undefined {
  return ratioOf(samplesIn(table, row, column), samplesIn(table, base, column));
}

/** The figures of a cell. */
export function samplesIn({ rows, columns }: Table, row: string, column: string): readonly number[] {
  const index = columns.findIndex(({ name }) => name === column);
  return rows.find(({ name }) => name === row)?.samples[index] ?? [];
}

/** A table as Markdown, which a terminal can show too. */
export function formatTable(table: Table): string {
  const { title, note, columns, rows } = table;
  const lines = rows.map(({ name }) => [name, ...columns.map((column) => formatCell(table, name, column.name))]);
  const parts = [`### ${title}`, formatLines([["", ...columns.map(({ name }) => name)], ...lines])];
  return [...parts, ...(note ? [note] : [])].join("\n\n");
}

/** Lines of cells as Markdown; the first is the head. */
export function formatLines(lines: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = lines;
  const widths = head.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const toLine = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  return [toLine(head), toLine(widths.map((width) => "-".repeat(width))), ...rest.map(toLine)].join("\n");
}

/** Ratio first; then the median, and the spread of its rounds. */
function formatCell(table: Table, row: string, column: string): string {
  const samples = samplesIn(table, row, column);
  if (samples.length === 0) return "–";
  const ratio = row === table.base ? undefined : ratioIn(table, row, column);
  const format = samples.every(Number.isInteger) ? formatCount : formatFigure;
  const [least, most] = [Math.min(...samples), Math.max(...samples)].map(format);
  const spread = least === most ? "" : ` [${least}–${most}]`;
  return `${ratio === undefined ? "" : `${formatRatio(ratio)} · `}${format(median(samples))}${spread}`;
}
