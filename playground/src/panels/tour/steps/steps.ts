import type { Step } from "../step.ts";
import { compaction } from "./compaction.ts";
import { election } from "./election.ts";
import { firstKey } from "./first-key.ts";
import { lease } from "./lease.ts";
import { lock } from "./lock.ts";
import { ranges } from "./ranges.ts";
import { resume } from "./resume.ts";
import { revisions } from "./revisions.ts";
import { transaction } from "./transaction.ts";
import { watch } from "./watch.ts";

/** The tour, in order. */
export const steps: readonly Step[] = [
  firstKey,
  revisions,
  ranges,
  watch,
  resume,
  transaction,
  lease,
  lock,
  election,
  compaction,
];
