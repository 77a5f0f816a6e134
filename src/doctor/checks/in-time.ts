import { linkSignals, untilAborted } from "../../base/signals.ts";
import { type Examination, patienceMs } from "../examination.ts";

/**
 * What comes of HTTP that is not a call; undefined: nothing in time, or it has failed. Rejects only when the examination
 * is broken off. What `look` leaves unread ends with it.
 */
export async function inTime<T>(
  { platform, signal: ended }: Examination,
  look: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const { signal, abort, unlink } = linkSignals(ended);
  const cancel = platform.setTimeout(() => abort(undefined), patienceMs);
  try {
    return await untilAborted(look(signal), signal);
  } catch {
    ended.throwIfAborted();
    return undefined;
  } finally {
    abort(undefined);
    cancel();
    unlink();
  }
}
