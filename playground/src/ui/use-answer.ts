import { useCallback, useEffect, useState } from "react";
import { type Failure, toFailure } from "../text/failure.ts";

/** What came of a question to etcd. */
export interface Answer<T> {
  /** The last answer, also while the next one is under way or has failed. Undefined: none yet. */
  readonly value: T | undefined;
  /** Why the last question has failed. */
  readonly failure: Failure | undefined;
  readonly isAsking: boolean;
  /** Asks again, now. */
  readonly again: () => void;
}

/**
 * Asks when shown, when `ask` changes (keep its identity with `useCallback`), and so long after each answer while the
 * page is looked at.
 */
export function useAnswer<T>(ask: (signal: AbortSignal) => Promise<T>, everyMs?: number): Answer<T> {
  const [last, setLast] = useState<{ readonly value?: T; readonly failure?: Failure }>({});
  const [round, setRound] = useState(0);
  const [isAsking, setAsking] = useState(true);
  const again = useCallback(() => setRound((before) => before + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another round asks again
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const unlessGone = (change: () => void): void => {
      if (!signal.aborted) change();
    };
    setAsking(true);
    ask(signal)
      .then(
        (value) => unlessGone(() => setLast({ value })),
        (error: unknown) => unlessGone(() => setLast((before) => ({ ...before, failure: toFailure(error) }))),
      )
      .finally(() => unlessGone(() => setAsking(false)));
    return () => leaving.abort();
  }, [ask, round]);

  useEffect(() => {
    if (everyMs === undefined || isAsking) return; // Another question would end the one under way.
    const timer = setInterval(() => {
      if (!document.hidden) again();
    }, everyMs);
    return () => clearInterval(timer);
  }, [again, everyMs, isAsking]);

  return { value: last.value, failure: last.failure, isAsking, again };
}
