/** How long to wait between tries. */
export interface Backoff {
  /** Milliseconds at the most before the first repetition. */
  readonly firstMs: number;
  /** Milliseconds at the most before any repetition. */
  readonly longestMs: number;
}

/**
 * Milliseconds before try number `attempt` (the first repetition is 1): anywhere below a bound that doubles each time,
 * so that the clients of a server that comes back do not all knock at once.
 */
export function backoffMs(backoff: Backoff, attempt: number, random: () => number): number {
  const bound = Math.min(backoff.longestMs, backoff.firstMs * 2 ** (attempt - 1));
  return random() * bound;
}
