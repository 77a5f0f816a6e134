import { diff3Merge } from "node-diff3";

/** Two changes of the same text as one. */
export interface Merged {
  readonly text: string;
  /** Places where both changed the same lines: marked in the text, to be settled by hand. */
  readonly conflicts: number;
}

/** Merges line by line. */
export function mergeTexts(base: string, mine: string, theirs: string): Merged {
  let conflicts = 0;
  const lines: string[] = [];
  for (const part of diff3Merge(mine.split("\n"), base.split("\n"), theirs.split("\n"), {
    excludeFalseConflicts: true,
  })) {
    if (part.ok !== undefined) lines.push(...part.ok);
    if (part.conflict === undefined) continue;
    conflicts++;
    lines.push("<<<<<<< yours", ...part.conflict.a, "=======", ...part.conflict.b, ">>>>>>> theirs");
  }
  return { text: lines.join("\n"), conflicts };
}
