import type { Outcome } from "../examination.ts";

/** What etcd says arrives later than it is said. */
export function buffered(seen: string): Outcome {
  return {
    code: "buffered",
    level: "fault",
    seen,
    means: "Something on the way gathers answers before it passes them on: events arrive late or never",
  };
}
