import type { KeyEvent, Pair } from "./history.ts";
import { quote } from "./sentences.ts";
import type { DeliveredEvent, Delivery, WatchSubject } from "./watch-record.ts";

const pairFields = ["value", "createRevision", "modRevision", "version", "lease"] as const;

/** What a delivered event says other than the true one, in words; none: it is true. */
export function differences(
  truth: KeyEvent,
  told: DeliveredEvent,
  subject: WatchSubject,
  { compacted }: Delivery,
): string[] {
  if (told.type !== truth.type) return [`it is a ${told.type}, not a ${truth.type}`];
  const isCreate = truth.type === "put" && truth.kv.createRevision === truth.kv.modRevision;
  return [
    ...pairDifferences(truth.kv, told.kv),
    ...(told.isCreate === isCreate ? [] : [`isCreate is ${told.isCreate}`]),
    ...previousDifferences(truth, told.prevKv, subject.prevKv, compacted),
  ];
}

function pairDifferences(truth: Pair, told: Pair): string[] {
  return pairFields
    .filter((field) => told[field] !== truth[field])
    .map((field) => `its ${field} is ${quote(told[field])}, not ${quote(truth[field])}`);
}

function previousDifferences(truth: KeyEvent, told: Pair | undefined, asked: boolean, compacted: bigint): string[] {
  if (!asked) return told === undefined ? [] : ["it has a prevKv that was not asked for"];
  if (truth.prevKv === undefined) return told === undefined ? [] : ["it has a prevKv, though there was no such key"];
  if (told === undefined) return mayBeGone(truth, compacted) ? [] : ["its prevKv is missing"];
  if (told.key !== truth.prevKv.key) return [`its prevKv is of ${quote(told.key)}`];
  return pairDifferences(truth.prevKv, told).map((difference) => `of its prevKv, ${difference}`);
}

// etcd reads the pair as it was one revision earlier, when it sends the event.
function mayBeGone({ kv }: KeyEvent, compacted: bigint): boolean {
  return kv.modRevision - 1n < compacted;
}
