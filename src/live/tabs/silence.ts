/** Milliseconds between two beats of the tab that holds the watches. */
export const beatMs = 500;
/** Milliseconds between two looks of the others. */
export const lookMs = 250;

/** How long a tab has heard of no holder. */
export interface Silence {
  /** Milliseconds since the last word of it. */
  readonly ms: number;
  /** Milliseconds that this look comes after its time: this tab itself was asleep, and has letters to read first. */
  readonly lateMs: number;
  /** At least 0, below 1, drawn once a silence: not all tabs steal at once. */
  readonly random: number;
}

/**
 * What to do about it. A tab in the background has slow timers, but answers a `ping` at once; a frozen one does not
 * for long, and keeps its lock all the same.
 */
export function onSilence({ ms, lateMs, random }: Silence): "wait" | "start-again" | "ping" | "steal" {
  if (lateMs > 2 * lookMs + 500) return "start-again";
  if (ms >= 1_150 + 350 * random) return "steal";
  return ms > beatMs + lookMs / 2 ? "ping" : "wait";
}
