import { describe } from "../base/bytes.ts";
import { EtcdError } from "../base/errors.ts";
import type { Int64 } from "../base/numbers.ts";

/** A member, or its id. */
export type MemberRef = Int64 | { readonly id: bigint };

/** The id meant, or "invalid-argument". Ids of members use all 64 bits, so most are no safe integers. */
export function toMemberId(member: MemberRef): bigint {
  const id = typeof member === "object" && member !== null ? member.id : member;
  const isId = typeof id === "bigint" ? BigInt.asUintN(64, id) === id : Number.isSafeInteger(id) && id >= 0;
  if (isId) return BigInt(id);
  const given = typeof id === "number" || typeof id === "bigint" ? String(id) : describe(id);
  throw new EtcdError("invalid-argument", `A member is told by its id, a bigint of 64 bits: not ${given}`);
}
