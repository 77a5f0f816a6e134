import { backoffMs } from "../base/backoff.ts";
import { isEtcdError } from "../base/errors.ts";
import { type Platform, sleep } from "../platform/platform.ts";

const pauses = { firstMs: 100, longestMs: 2_000 };

/** What trying again needs. */
export type Pauses = Pick<Platform, "setTimeout" | "random">;

/** Milliseconds to wait after so many failures; at least a moment, since it is one caller that tries again and again. */
export function pause(platform: Pauses, failures: number, signal: AbortSignal): Promise<void> {
  return sleep(platform, 10 + backoffMs(pauses, failures, platform.random), signal);
}

/** What `run` gives, which changes nothing or the same each time: again while its error may pass, until `signal` aborts. */
export async function persistently<T>(platform: Pauses, signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await run();
    } catch (error) {
      if (signal.aborted || !isEtcdError(error) || !error.retryable) throw error;
      await pause(platform, failures, signal);
    }
  }
}
