import { joinBytes, type Key, toBytes } from "../base/bytes.ts";

/** `name` and what stands beneath it, as bytes: `jobs/nightly` and `/694d` make `jobs/nightly/694d`. */
export function under(name: Key, rest: string): Uint8Array {
  return joinBytes([toBytes(name, "The name"), toBytes(rest, "The name")]);
}

/** A lease as Go writes it at the end of a key: hexadecimal, without padding. */
export function toHex(lease: bigint): string {
  return lease.toString(16);
}

let last = 0n;

/**
 * What Go takes the nanoseconds of the clock for: a name that no one else has. No clock here tells nanoseconds, so
 * those below the millisecond are drawn. Within one program names rise.
 */
export function uniqueName(random: () => number): string {
  const nanoseconds = BigInt(Date.now()) * 1_000_000n + BigInt(Math.floor(random() * 999_999));
  last = nanoseconds > last ? nanoseconds : last + 1n;
  return String(last);
}
