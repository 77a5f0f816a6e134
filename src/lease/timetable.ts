import { type Beat, overAt } from "./beat.ts";

/** A lease, as far as the timetable is concerned. */
export interface Passenger {
  readonly beat: Beat;
  /** Whether it is to be kept alive. */
  readonly kept: boolean;
}

/** The events of one waking come together: one beat is enough for them. */
const wakingMs = 1_000;

/**
 * The leases whose signs of life go out now: none unless one is due, and then those due soon as well, so that the leases
 * of a client come to beat together. Not where all that is due has been tried before: more would be a burden to who is
 * slow already. A page that wakes has all beat.
 */
export function departures<P extends Passenger>(leases: Iterable<P>, now: number, woke: boolean): readonly P[] {
  const isDue = ({ beat }: P): boolean => beat.dueAt <= now || (woke && beat.sentAt + wakingMs <= now);
  const kept = [...leases].filter(({ kept }) => kept);
  const due = kept.filter(isDue);
  if (due.every(({ beat }) => beat.sentAt > beat.aliveAt)) return due;
  return kept.filter((lease) => isDue(lease) || lease.beat.rideAt <= now);
}

/** When there is something to do next: a sign of life, or to say that a lease is over. */
export function nextLookAt(leases: Iterable<Passenger>): number {
  let at = Number.POSITIVE_INFINITY;
  for (const { beat, kept } of leases) at = Math.min(at, overAt(beat), kept ? beat.dueAt : at);
  return at;
}
