import type { EtcdError, EtcdErrorCode } from "../base/errors.ts";

const passing: ReadonlySet<EtcdErrorCode> = new Set([
  "timeout",
  "unavailable",
  "no-leader",
  "cors-or-network",
  "rate-limited",
  "internal",
  "unknown",
]);

/** Whether a watch outlives this error: it says something of the way or the moment, nothing of the watch. */
export function isPassing({ code }: EtcdError): boolean {
  return passing.has(code);
}
