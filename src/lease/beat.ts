/** When to give the next sign of life, and when the lease is over; all in milliseconds of one clock. */
export interface Beat {
  /** When the last sign of life that was answered had been sent: the server counts from later. */
  readonly aliveAt: number;
  readonly ttlMs: number;
  /** Tries since then that were not answered. */
  readonly failures: number;
}

/** Milliseconds until the next sign of life: a third of the time to live, and less after a failure. */
export function nextBeatMs(beat: Beat, now: number): number {
  const third = beat.ttlMs / 3;
  const due = beat.failures === 0 ? beat.aliveAt + third : now + Math.min(third, 500 * 2 ** (beat.failures - 1)) / 2;
  return Math.max(0, due - now);
}

/** Milliseconds until nobody may count on the lease any more. */
export function leftMs(beat: Beat, now: number): number {
  return Math.max(0, beat.aliveAt + beat.ttlMs - now);
}
