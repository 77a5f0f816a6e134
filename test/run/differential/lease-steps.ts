import fc, { type Arbitrary } from "fast-check";
import { seldom } from "./keys.ts";
import type { CallStep } from "./program.ts";

const slot = fc.constantFrom(1, 2, 3, 77);
// Long enough that none runs out during a program.
const ttl = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom(1000n, 2000n, 9_000_000_000n) },
  { weight: 1, arbitrary: fc.constant(9_000_000_001n) },
);

const grant = fc.tuple(fc.constantFrom(1, 2, 3), ttl, fc.boolean()).map(
  ([id, TTL, chosen]): CallStep => ({
    call: "lease.leaseGrant",
    request: { TTL, ID: chosen ? BigInt(id) : 0n },
    saves: id,
  }),
);

const of =
  (call: string) =>
  (id: number): CallStep => ({ call, request: { ID: { lease: id } } });

/** Grants with an id of the program's or of etcd's, and what can be done with them. */
export const leaseStep: Arbitrary<CallStep> = fc.oneof(
  { weight: 4, arbitrary: grant },
  { weight: 2, arbitrary: slot.map(of("lease.leaseRevoke")) },
  { weight: 2, arbitrary: slot.map(of("lease.leaseKeepAlive")) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(slot, seldom)
      .map(([id, few]): CallStep => ({ call: "lease.leaseTimeToLive", request: { ID: { lease: id }, keys: !few } })),
  },
  { weight: 1, arbitrary: fc.constant<CallStep>({ call: "lease.leaseLeases", request: {} }) },
);
