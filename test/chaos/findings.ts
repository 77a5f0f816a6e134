import type { WatchEnd, WatchRecord } from "./watch-record.ts";

/** Which promise was broken. */
export type Promised =
  | "lost"
  | "repeated"
  | "out of order"
  | "split"
  | "merged"
  | "content"
  | "outside"
  | "never happened"
  | "bookmark"
  | "bounds"
  | "opened"
  | "end";

/** A broken promise, the revision it is about (undefined: the watch as a whole), and what is wrong with that. */
export type Finding = readonly [Promised, bigint | undefined, string];

/** An opening is the start that was given; one of now on lies between what was written before and after it. */
export function wrongOpening({ opened, subject, openedAfter, openedBefore, end }: WatchRecord): Finding[] {
  if (opened === undefined) return end.kind === "open" ? [["opened", undefined, "never opened"]] : [];
  const findings: Finding[] = [];
  const find = (what: string): void => void findings.push(["opened", opened, `is its opening, ${what}`]);
  if (subject.start !== undefined && opened !== subject.start) find(`though it starts at ${subject.start}`);
  if (openedAfter !== undefined && opened <= openedAfter) find(`but ${openedAfter} was written before it began`);
  if (openedBefore !== undefined && opened > openedBefore) find(`but ${openedBefore} was written after it was open`);
  return findings;
}

/** A watch fails for no other reason than a compaction of what it has not delivered: it had come to before `next`. */
export function wrongEnd(end: WatchEnd, next: bigint): Finding[] {
  if (end.kind === "failed") return [["end", undefined, `failed: ${end.reason}`]];
  if (end.kind !== "compacted") return [];
  const { compactRevision, asked } = end;
  const findings: Finding[] = [];
  if (!asked.includes(compactRevision)) findings.push(["end", compactRevision, "was never compacted"]);
  if (next >= compactRevision) {
    findings.push(["end", compactRevision, `was compacted, but it had come to ${next - 1n}: nothing was gone`]);
  }
  return findings;
}
