import { describe } from "./bytes.ts";
import { EtcdError } from "./errors.ts";

/** A 64-bit integer going in: a bigint, or a number as long as it is a safe integer. */
export type Int64 = bigint | number;

const largest = 2n ** 63n - 1n;

/** `value` as a non-negative bigint that fits etcd's int64, or "invalid-argument". */
export function toInt64(value: Int64, what: string): bigint {
  if (typeof value !== "bigint" && !Number.isSafeInteger(value)) {
    const given = typeof value === "number" ? String(value) : describe(value);
    throw new EtcdError("invalid-argument", `${what} must be a bigint or a safe integer, not ${given}`);
  }
  const integer = BigInt(value);
  if (integer < 0n || integer > largest) {
    throw new EtcdError("invalid-argument", `${what} must be between 0 and 2^63 - 1, not ${integer}`);
  }
  return integer;
}

/** A count or a number of seconds going in, as etcd's int64, or "invalid-argument". */
export function toCount(value: number, what: string): bigint {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  throw new EtcdError("invalid-argument", `${what} must be a whole number that is not negative, not ${String(value)}`);
}
