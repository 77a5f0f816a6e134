/** One lease's time: when its signs of life are due, and until when it lives; all in milliseconds of one clock. */
export interface Beat {
  /** When the last sign of life that was answered had been sent: the server counts from later. */
  readonly aliveAt: number;
  /** Infinity while it is not known: only the server can say then that the lease is over. */
  readonly ttlMs: number;
  /** When the last sign of life was sent, answered or not. */
  readonly sentAt: number;
  /** When the next one is due. */
  readonly dueAt: number;
  /** From when on it goes along with another lease's, which saves a call. */
  readonly rideAt: number;
  /** Signs of life that failed since the last one that was answered. */
  readonly failures: number;
}

/** Of a lease that was granted or kept alive by a request of `sentAt`: due each third, and half-way there to ride along. */
export function answered(sentAt: number, ttlMs: number): Beat {
  return { aliveAt: sentAt, ttlMs, sentAt, dueAt: sentAt + ttlMs / 3, rideAt: sentAt + ttlMs / 6, failures: 0 };
}

/** Of a lease granted elsewhere, of which no answer has told anything: due at once. */
export function unknown(now: number): Beat {
  return { aliveAt: now, ttlMs: Number.POSITIVE_INFINITY, sentAt: now, dueAt: now, rideAt: now, failures: 0 };
}

/** A sign of life has gone out. One that hangs must leave time for others: the next is due without waiting for it. */
export function sent(beat: Beat, now: number): Beat {
  const dueAt = now + Math.max(1_000, longestWaitMs(beat));
  return { ...beat, sentAt: now, dueAt, rideAt: dueAt };
}

/** A sign of life has failed: the next is due soon, and later after each further failure. */
export function failed(beat: Beat, now: number): Beat {
  const waitMs = Math.min(longestWaitMs(beat), 250 * 2 ** beat.failures);
  return { ...beat, dueAt: now + waitMs, rideAt: now, failures: beat.failures + 1 };
}

/** What another answer says, while a sign of life that was `sent` is still under way. */
export function underWay(beat: Beat, { sentAt, dueAt, rideAt }: Beat): Beat {
  return { ...beat, sentAt, dueAt: Math.max(beat.dueAt, dueAt), rideAt: Math.max(beat.rideAt, rideAt) };
}

/** When nobody may count on the lease any more. */
export function overAt({ aliveAt, ttlMs }: Beat): number {
  return aliveAt + ttlMs;
}

function longestWaitMs({ ttlMs }: Beat): number {
  return Math.min(ttlMs / 6, 10_000);
}
