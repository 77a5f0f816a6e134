import { EtcdError, isEtcdError } from "../base/errors.ts";
import { linkSignals } from "../base/signals.ts";
import type { Platform } from "../platform/platform.ts";
import { type CallOptions, toTimeout } from "../transport/caller.ts";
import { toAbortError } from "../transport/to-etcd-error.ts";

/** Options for the calls that a longer one is made of: they end with it. */
export interface Part extends CallOptions {
  readonly signal: AbortSignal;
}

/** What a call that may wait for others needs. */
export interface Terms {
  readonly platform: Pick<Platform, "setTimeout">;
  /** For messages: what was being done. */
  readonly what: string;
  /** Ends it too: of the session that it stands on. */
  readonly standsOn?: AbortSignal;
}

/**
 * Runs what may wait for others, until its signal, its time-out or the end of what it stands on; whatever it throws then,
 * the error says that. Without `timeoutMs` it may take as long as it likes.
 */
export async function limited<T>(
  { platform, what, standsOn }: Terms,
  { signal: asked, timeoutMs = Number.POSITIVE_INFINITY, headers }: CallOptions = {},
  run: (part: Part) => Promise<T>,
): Promise<T> {
  const ms = toTimeout(timeoutMs);
  const late = new AbortController();
  const { signal, unlink } = linkSignals(standsOn, asked, late.signal);
  const expire = (): void => late.abort(new EtcdError("timeout", `not within ${ms} ms`));
  const cancel = ms === 0 ? () => {} : platform.setTimeout(expire, ms);
  try {
    signal.throwIfAborted();
    return await run({ signal, headers });
  } catch (error) {
    if (!signal.aborted) throw error;
    throw toAbortError(signal.reason, { what, write: isEtcdError(error) && error.mayHaveRun });
  } finally {
    cancel();
    unlink();
  }
}
