/** Figures to print, in rows. */
export interface Table {
  readonly title: string;
  /** The first names the rows. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What one must know to read them. */
  readonly note?: string;
}

/** A table as Markdown, which a terminal can show too. */
export function formatTable({ title, columns, rows, note }: Table): string {
  const widths = columns.map((column, i) => Math.max(column.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  const rule = line(widths.map((width) => "-".repeat(width)));
  const parts = [`### ${title}`, [line(columns), rule, ...rows.map(line)].join("\n"), ...(note ? [note] : [])];
  return parts.join("\n\n");
}
