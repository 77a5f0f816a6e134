import { linkSignals } from "../base/signals.ts";
import { Stream } from "../base/stream.ts";

/** Follows something until `signal` aborts, telling each of its states. */
export type Following<T> = (tell: (state: T) => void, signal: AbortSignal) => Promise<never>;

/**
 * The states of something that changes. Each read gives the newest: one that was not read before the next came is
 * dropped. Every iteration follows anew, from its first read to its `return()`; a signal of the caller ends it with the
 * signal's reason.
 */
export function latest<T>(asked: AbortSignal | undefined, follow: Following<T>): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => newest(asked, follow) };
}

function newest<T>(asked: AbortSignal | undefined, follow: Following<T>): AsyncIterator<T, undefined> {
  let unread: { readonly state: T } | undefined;
  let wanted = 0;
  let started = false;
  const over = new AbortController();
  const { signal, unlink } = linkSignals(asked, over.signal);
  const states = new Stream<T>({ left: () => over.abort(), drained });

  function drained(): void {
    wanted++;
    hand();
    if (started) return;
    started = true;
    follow(tell, signal).catch(end).finally(unlink);
  }

  function tell(state: T): void {
    unread = { state };
    hand();
  }

  function hand(): void {
    if (wanted === 0 || unread === undefined) return;
    wanted--;
    states.push(unread.state);
    unread = undefined;
  }

  // The last state comes before the error, unless it is the caller who has had enough.
  function end(error: unknown): void {
    if (unread !== undefined && !signal.aborted) states.push(unread.state);
    states.end({ error: asked?.aborted ? asked.reason : error });
  }

  return states;
}
