import fc, { type Arbitrary } from "fast-check";
import { revision, seldom, span } from "./keys.ts";
import type { CancelStep, WatchStep } from "./program.ts";

const stream = fc.constantFrom(0, 1);

/** A watch from now, from the past or from the future, with an id of its own or not. */
export const watchStep: Arbitrary<WatchStep> = fc
  .tuple(
    span,
    fc.record({
      startRevision: revision,
      prevKv: fc.boolean(),
      fragment: seldom,
      filters: fc.subarray([0, 1]),
      watchId: fc.oneof({ weight: 3, arbitrary: fc.constant(0n) }, { weight: 2, arbitrary: fc.bigInt(1n, 4n) }),
    }),
    stream,
  )
  .map(([where, how, stream]) => ({ watch: { ...where, ...how }, stream }));

export const cancelStep: Arbitrary<CancelStep> = fc.record({ cancel: fc.integer({ min: 0, max: 5 }), stream });
