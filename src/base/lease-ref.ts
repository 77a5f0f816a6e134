import { type Int64, toInt64 } from "./numbers.ts";

/** A lease, or its id. */
export type LeaseRef = Int64 | { readonly id: bigint };

/** The id meant; 0n: none. */
export function toLeaseId(lease: LeaseRef | undefined): bigint {
  if (lease === undefined) return 0n;
  return toInt64(typeof lease === "object" && lease !== null ? lease.id : lease, "The lease");
}
