import type { RoundResult } from "./round-result.ts";

/** A round in figures, and every violation in its sentence. */
export function formatResult(result: RoundResult): string {
  const { options, faults, inFlight, signIns, revisions, compactions, writes, watches, violations, seconds } = result;
  const kinds = [...faults].map(([kind, count]) => `${count} × ${kind}`).join(", ");
  return [
    `etcd ${options.version} behind ${options.proxy}, seed ${options.seed}, ${seconds.toFixed(0)} s`,
    `  faults: ${sum([...faults.values()])} (${kinds})`,
    `  in flight as they struck: ${inFlight} times an event was owed to a watch`,
    `  writes: ${writes.acknowledged} acknowledged, ${writes.lost} lost, ${writes.refused} refused`,
    `  history: ${revisions} revisions, ${compactions} compactions`,
    `  watches: ${watches.opened}, of which ${watches.compacted} ended as compacted; ${signIns} sign-ins; ${watches.events} events, ${watches.bookmarks} bookmarks`,
    `  violations: ${violations.length}`,
    ...violations.slice(0, 50).map((violation) => `    ${violation}`),
  ].join("\n");
}

/** Several rounds in a line. */
export function formatSum(results: readonly RoundResult[]): string {
  const total = (of: (result: RoundResult) => number): number => sum(results.map(of));
  const failed = results.filter(({ violations }) => violations.length > 0).map(({ options }) => options.seed);
  return [
    `${results.length} rounds, ${total(({ faults }) => sum([...faults.values()]))} faults,`,
    `${total(({ revisions }) => Number(revisions))} revisions, ${total(({ watches }) => watches.opened)} watches,`,
    `${total(({ watches }) => watches.events)} events delivered, ${total(({ violations }) => violations.length)} violations`,
    failed.length === 0 ? "" : `(seeds ${failed.join(", ")})`,
  ]
    .join(" ")
    .trimEnd();
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
