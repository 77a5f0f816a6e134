/** What is known of the age at which something on the way cuts streams. */
export interface Rotation {
  /** How old the last one was that was cut. */
  readonly lastMs?: number;
  /** Two in a row were cut at this age, or nearly. */
  readonly ageMs?: number;
  /** So was a third. */
  readonly proven?: boolean;
  /** A stream that was to show whether it is cut had to go before. */
  readonly missed?: boolean;
}

/** Ages of a stream in milliseconds between which another is best to take over. */
export interface Window {
  /** From here on, as soon as something has come: then nothing needs to be sent again. */
  readonly fromMs: number;
  /** At the latest. */
  readonly untilMs: number;
}

/** A younger stream is cut by trouble, not by a rule. */
const leastMs = 1_000;
/** No proxy cuts as early, but trouble may come as evenly: such a rule is tried again with every stream. */
const provableMs = 10_000;
/** A bookmark or an event comes in so long, as a rule. */
const roomMs = 30_000;

/** A stream has been cut. One that was cut before its time says nothing against the rule. */
export function afterCut({ lastMs, ageMs, proven = false, missed = false }: Rotation, livedMs: number): Rotation {
  const rule = ageMs === undefined ? {} : { ageMs, proven, missed };
  if (livedMs < leastMs) return lastMs === undefined ? rule : { ...rule, lastMs };
  if (isNear(ageMs, livedMs)) {
    return { lastMs: livedMs, ageMs: Math.min(ageMs, livedMs), proven: livedMs >= provableMs };
  }
  if (isNear(lastMs, livedMs)) return { lastMs: livedMs, ageMs: Math.min(lastMs, livedMs) };
  return { ...rule, lastMs: livedMs };
}

/** A stream that was to show whether it is cut has not been: it has `outlived` the rule, or had to go before. */
export function afterTrial(rotation: Rotation, outlived: boolean): Rotation {
  // A page where streams come and go never sees one's end: what cannot be shown twice is not believed.
  return outlived || rotation.missed ? {} : { ...rotation, missed: true };
}

/** When to replace streams, if they are known to be cut. */
export function windowOf({ ageMs }: Rotation): Window | undefined {
  if (ageMs === undefined) return undefined;
  const untilMs = ageMs - Math.min(Math.max(ageMs / 10, 300), 5_000);
  return { fromMs: Math.max(ageMs / 2, untilMs - roomMs), untilMs };
}

/** The age by which a stream should have been cut; one that is older has outlived the rule. */
export function doubtMs(ageMs: number): number {
  return 1.1 * ageMs + 250;
}

function isNear(ms: number | undefined, livedMs: number): ms is number {
  return ms !== undefined && Math.abs(ms - livedMs) <= Math.max(Math.max(ms, livedMs) / 10, 250);
}
