/** Signals that have become one. */
export interface LinkedSignal {
  /** Aborts with the reason of the first of them that does. */
  readonly signal: AbortSignal;
  /** Aborts it for a reason of its own. */
  abort(reason: unknown): void;
  /** Takes the listeners off again: a signal that lives as long as the page must not collect those of every call. */
  unlink(): void;
}

/** One signal for several. */
export function linkSignals(...signals: readonly (AbortSignal | undefined)[]): LinkedSignal {
  const controller = new AbortController();
  const present = signals.filter((signal) => signal !== undefined);
  const abort = (reason: unknown): void => controller.abort(reason);
  const follow = (event: Event): void => abort((event.target as AbortSignal).reason);
  const unlink = (): void => {
    for (const signal of present) signal.removeEventListener("abort", follow);
  };
  const aborted = present.find((signal) => signal.aborted);
  if (aborted) abort(aborted.reason);
  else for (const signal of present) signal.addEventListener("abort", follow, { once: true });
  return { signal: controller.signal, abort, unlink };
}

/** `promise`, or a rejection with the signal's reason as soon as it aborts, whatever the promise's maker does about it. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    const unlink = (): void => signal.removeEventListener("abort", stop);
    void promise.then(resolve, reject).then(unlink);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
