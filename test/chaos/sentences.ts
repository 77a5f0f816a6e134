/** Text of any bytes, or a number, for a sentence. */
export function quote(value: string | bigint): string {
  if (typeof value === "bigint") return `${value}`;
  const printable = value.replace(/[^ -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return `'${printable}'`;
}

/** A few of many revisions, for a sentence. */
export function listRevisions(revisions: readonly bigint[]): string {
  const some = revisions.slice(0, 5).join(", ");
  if (revisions.length <= 5) return `revision ${some}`;
  return `${revisions.length} revisions, the first ${some}, the last ${revisions.at(-1)},`;
}
