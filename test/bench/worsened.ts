import { formatRatio } from "./samples.ts";
import { ratioIn, type Table } from "./table.ts";

/** A fifth. */
const tolerance = 0.2;

/** Says each ratio of ours that is worse than it was recorded, by more than a fifth. What is new has nothing to be held against. */
export function worsened(name: string, recorded: Table, now: Table): readonly string[] {
  const ours = now.rows.filter((row) => row.ours && row.name !== now.base);
  return ours.flatMap((row) =>
    now.columns.flatMap(({ name: column, better }) => {
      const [before, after] = [recorded, now].map((table) => ratioIn(table, row.name, column));
      if (before === undefined || after === undefined || better === undefined) return [];
      const change = after / before - 1;
      const worse = better === "less" ? change : -change;
      if (worse <= tolerance) return [];
      return [
        `${name}: ${column} of ${row.name} is ${formatRatio(after)} of ${now.base}; recorded is ${formatRatio(before)}`,
      ];
    }),
  );
}
