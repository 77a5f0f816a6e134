import fc, { type Arbitrary } from "fast-check";
import { compactStep, hashStep, kvStep } from "./kv-steps.ts";
import { leaseStep } from "./lease-steps.ts";
import type { Program, Step } from "./program.ts";
import { signedIn, token, userStep } from "./user-steps.ts";
import { cancelStep, watchStep } from "./watch-steps.ts";

const sized = { maxLength: 100, size: "max" } as const;

const oneOf = (...arbitraries: readonly { weight: number; arbitrary: Arbitrary<Step> }[]): Arbitrary<Step> =>
  fc.oneof(...arbitraries);

/** Keys, leases and watches. */
const plain: Arbitrary<Program> = fc.array(
  oneOf(
    { weight: 24, arbitrary: kvStep },
    { weight: 6, arbitrary: leaseStep },
    { weight: 2, arbitrary: watchStep },
    { weight: 1, arbitrary: cancelStep },
    { weight: 1, arbitrary: hashStep },
  ),
  sized,
);

/** The same, and history is forgotten on the way. */
const compacting: Arbitrary<Program> = fc.array(
  oneOf(
    { weight: 20, arbitrary: kvStep.map(bounded) },
    { weight: 1, arbitrary: leaseStep },
    { weight: 4, arbitrary: watchStep },
    { weight: 1, arbitrary: compactStep },
  ),
  sized,
);

/**
 * Without transactions that may put a key again which they delete from somewhere on: etcd refuses all others that do,
 * forgets what these have put when it compacts their revision, and dies of the next read (etcd-io/etcd#22376).
 */
function bounded<T>(value: T): T {
  return changed(value, (given) => {
    if (given.case !== "requestDeleteRange" || given.value.rangeEnd?.bytes !== "\0") return given;
    return { ...given, value: { ...given.value, rangeEnd: { bytes: "\xff" } } };
  });
}

/**
 * Without ranges that end before they begin. They hold nothing, but whether one may ask for them depends in etcd on the
 * shape that its tree of permissions happens to have.
 */
function forwards<T>(value: T): T {
  return changed(value, (given) => {
    const { key, rangeEnd } = given;
    return rangeEnd?.bytes > "\0" && rangeEnd.bytes <= key?.bytes ? { ...given, rangeEnd: { bytes: "" } } : given;
  });
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a step is made of
type Anything = Record<string, any>;

/** The same, each object in it changed. */
function changed<T>(value: T, change: (given: Anything) => Anything): T {
  if (Array.isArray(value)) return value.map((each) => changed(each, change)) as T;
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, each]) => [name, changed(each, change)]);
  return change(Object.fromEntries(fields)) as T;
}

/** Users, and what they may do. */
const users: Arbitrary<Program> = fc
  .tuple(
    fc.boolean(),
    fc.array(
      fc
        .tuple(
          oneOf(
            { weight: 10, arbitrary: userStep },
            { weight: 10, arbitrary: kvStep.map(bounded) },
            { weight: 4, arbitrary: leaseStep },
            { weight: 1, arbitrary: watchStep },
            { weight: 1, arbitrary: compactStep },
          ),
          token,
        )
        .map(([step, by]): Step => (by === undefined ? forwards(step) : { ...forwards(step), token: by })),
      sized,
    ),
  )
  .map(([isOn, steps]) => (isOn ? [...signedIn, ...steps] : steps));

/** Each on an etcd of its own: a compaction and a user are everybody's. */
export const kinds: Readonly<Record<string, Arbitrary<Program>>> = { plain, compacting, users };
