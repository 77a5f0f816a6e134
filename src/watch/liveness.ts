/** What is known of a silent stream; times in milliseconds of one clock. */
export interface Silence {
  /** When something last came (while creates wait: an answer to one), or a probe last said that nothing had to. */
  readonly aliveAt: number;
  /** Every create has been answered. */
  readonly answered: boolean;
  /** How often the server sends bookmarks, where it has been seen to. */
  readonly progressMs: number | undefined;
}

/** What to do about it, and when to look again. */
export type Verdict =
  | { readonly kind: "fine"; readonly lookAgainMs: number }
  /** Ask with a cheap read whether there was anything to say. */
  | { readonly kind: "probe" }
  /** Three bookmarks are missing, or the answers to creates: the link is dead. */
  | { readonly kind: "dead" };

const answerWithinMs = 15_000;
/** A server with default settings bookmarks every 10 minutes: until then a stream is as silent alive as dead. */
const probeAfterMs = 45_000;

/** Judges a silence. */
export function judge(silence: Silence, now: number): Verdict {
  const { afterMs, kind } = limitOf(silence);
  const dueAt = silence.aliveAt + afterMs;
  return now < dueAt ? { kind: "fine", lookAgainMs: dueAt - now } : { kind };
}

function limitOf({ answered, progressMs }: Silence): { readonly afterMs: number; readonly kind: "probe" | "dead" } {
  if (!answered) return { afterMs: answerWithinMs, kind: "dead" };
  // Three intervals, the tenth that etcd may add to each, and something for a slow link.
  const missedMs = progressMs === undefined ? Number.POSITIVE_INFINITY : 3.3 * progressMs + 2_000;
  return missedMs <= probeAfterMs ? { afterMs: missedMs, kind: "dead" } : { afterMs: probeAfterMs, kind: "probe" };
}
