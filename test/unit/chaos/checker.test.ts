import { test } from "node:test";
import { expect } from "chai";
import { checkWatch } from "../../chaos/checker.ts";
import type { Promised } from "../../chaos/findings.ts";
import type { DeliveredEvent, Delivery, WatchRecord, WatchSubject } from "../../chaos/watch-record.ts";
import {
  alter,
  at,
  beforeEach,
  bookmark,
  compacted,
  dropEvent,
  eventByEvent,
  everything,
  history,
  merge,
  put,
  splitAt,
  stray,
  swap,
  told,
  truth,
  truthfully,
  twiceAt,
  without,
  withPrevKv,
} from "./deliveries.ts";

/** A run, and the promises it breaks, in order. */
interface Row {
  readonly name: string;
  readonly subject?: Partial<WatchSubject>;
  /** What becomes of the true deliveries. */
  readonly change?: (deliveries: Delivery[]) => Delivery[];
  readonly record?: Partial<WatchRecord>;
  readonly breaks: readonly (readonly [Promised, bigint | undefined])[];
}

const good: readonly Row[] = [
  { name: "everything, as it was", breaks: [] },
  { name: "without prevKv", subject: { prevKv: false }, breaks: [] },
  { name: "puts only", subject: { only: "put" }, breaks: [] },
  { name: "deletes only", subject: { only: "delete" }, breaks: [] },
  { name: "one key", subject: { from: "b", to: "b\0" }, breaks: [] },
  { name: "a range without end", subject: { from: "b", to: undefined }, breaks: [] },
  { name: "from the middle", subject: { start: 5n }, breaks: [] },
  { name: "from a revision to come", subject: { start: 100n }, breaks: [] },
  {
    name: "from now on",
    subject: { start: undefined },
    record: { opened: 4n, openedAfter: 3n, openedBefore: 4n },
    breaks: [],
  },
  { name: "event by event", subject: { by: "events" }, change: eventByEvent, breaks: [] },
  { name: "bookmarks that hold", change: (all) => all.flatMap((one) => [one, bookmark(one.revision)]), breaks: [] },
  { name: "a bookmark before the first event", change: (all) => [bookmark(1n), ...all], breaks: [] },
  {
    name: "a bookmark over others' revisions",
    subject: { to: "c" },
    change: (all) => [...all, bookmark(8n)],
    breaks: [],
  },
  { name: "left in the middle", change: (all) => all.slice(0, 3), record: { end: { kind: "left" } }, breaks: [] },
  {
    name: "left before it was open",
    change: () => [],
    record: { opened: undefined, end: { kind: "left" } },
    breaks: [],
  },
  {
    name: "left in the middle of a revision, read event by event",
    subject: { by: "events" },
    change: (all) => eventByEvent(all).slice(0, 4),
    record: { end: { kind: "left" } },
    breaks: [],
  },
  { name: "compacted ahead of it", change: (all) => all.slice(0, 2), record: { end: compacted(6n) }, breaks: [] },
  {
    name: "a prevKv that a compaction took",
    change: (all) => alter(all, 7n, (event) => ({ ...event, prevKv: undefined }), { compacted: 7n }),
    breaks: [],
  },
];

const bad: readonly Row[] = [
  { name: "a revision that is lost", change: without(4n), breaks: [["lost", 4n]] },
  { name: "the first revision lost", change: without(2n), breaks: [["lost", 2n]] },
  { name: "the last revisions lost", change: (all) => all.slice(0, -2), breaks: [["lost", 7n]] },
  { name: "all lost", change: () => [], breaks: [["lost", 2n]] },
  { name: "an event lost from a revision", change: (all) => dropEvent(all, 4n, 1), breaks: [["lost", 4n]] },
  {
    name: "an event lost from a revision, read event by event",
    subject: { by: "events" },
    change: (all) => eventByEvent(dropEvent(all, 4n, 1)),
    breaks: [["lost", 4n]],
  },
  {
    name: "a revision that comes again",
    change: (all) => all.flatMap((one) => twiceAt(one, 4n)),
    breaks: [["repeated", 4n]],
  },
  { name: "an old revision that comes again", change: (all) => [...all, ...at(all, 3n)], breaks: [["repeated", 3n]] },
  {
    name: "an event twice in its revision",
    change: (all) =>
      all.map((one) => (one.revision === 4n ? { ...one, events: [...one.events, ...one.events.slice(0, 1)] } : one)),
    breaks: [["repeated", 4n]],
  },
  { name: "two revisions in the wrong order", change: swap(3n), breaks: [["out of order", 3n]] },
  {
    name: "events in the wrong order within a revision",
    change: (all) => all.map((one) => (one.revision === 4n ? { ...one, events: one.events.toReversed() } : one)),
    breaks: [["out of order", 4n]],
  },
  { name: "a revision in two parts", change: (all) => all.flatMap((one) => splitAt(one, 4n)), breaks: [["split", 4n]] },
  { name: "two revisions in one", change: merge(3n), breaks: [["merged", 4n]] },
  {
    name: "a batch with another's number",
    change: (all) => all.map((one) => (one.revision === 5n ? { ...one, revision: 6n } : one)),
    breaks: [["content", 6n]],
  },
  ...falsified(),
  { name: "a prevKv that nobody asked for", subject: { prevKv: false }, change: withPrevKv, breaks: [["content", 7n]] },
  {
    name: "a key of another range",
    subject: { from: "b", to: "b\0" },
    change: (all) => stray(all, 4n, "a"),
    breaks: [["outside", 4n]],
  },
  {
    name: "an event of the other type",
    subject: { only: "put" },
    change: (all) => [...all, ...truth(7n)],
    breaks: [["outside", 7n]],
  },
  { name: "a key that was not written then", change: (all) => stray(all, 5n, "zz"), breaks: [["never happened", 5n]] },
  {
    name: "a revision that was never written",
    change: (all) => [
      ...all,
      { ...at(all, 8n)[0], revision: 9n, events: [told(put(9n, "b", "9", 9n, 1n))] } as Delivery,
    ],
    breaks: [["never happened", 9n]],
  },
  {
    name: "what was before its start",
    subject: { start: 5n },
    change: (all) => [...truth(4n), ...all],
    breaks: [["bounds", 4n]],
  },
  { name: "a bookmark that lies", change: (all) => [bookmark(2n), ...all], breaks: [["bookmark", 2n]] },
  {
    name: "a bookmark one event too early",
    change: (all) => beforeEach(all, 5n, bookmark(5n)),
    breaks: [["bookmark", 5n]],
  },
  { name: "a bookmark that goes back", change: (all) => [...all, bookmark(5n)], breaks: [["bookmark", 5n]] },
  { name: "a bookmark beyond the store", change: (all) => [...all, bookmark(9n)], breaks: [["bookmark", 9n]] },
  {
    name: "a bookmark nobody asked for",
    subject: { progress: false },
    change: (all) => [...all, bookmark(8n)],
    breaks: [["bookmark", 8n]],
  },
  {
    name: "an opening that is not the start",
    subject: { start: 5n },
    change: (all) => [...truth(5n), ...all],
    record: { opened: 6n },
    breaks: [["opened", 6n]],
  },
  {
    name: "an opening in the past",
    subject: { start: undefined },
    record: { opened: 4n, openedAfter: 4n },
    breaks: [["opened", 4n]],
  },
  {
    name: "no opening",
    subject: { start: undefined },
    change: () => [],
    record: { opened: undefined },
    breaks: [["opened", undefined]],
  },
  {
    name: "an opening too late",
    subject: { start: undefined },
    record: { opened: 6n, openedBefore: 5n },
    breaks: [["opened", 6n]],
  },
  { name: "a failure", record: { end: { kind: "failed", reason: "internal" } }, breaks: [["end", undefined]] },
  {
    name: "compacted, which nobody asked for",
    change: (all) => all.slice(0, 2),
    record: { end: compacted(6n, []) },
    breaks: [["end", 6n]],
  },
  {
    name: "compacted, though nothing was gone",
    change: (all) => all.slice(0, 4),
    record: { end: compacted(6n) },
    breaks: [["end", 6n]],
  },
  {
    name: "a loss before a compaction",
    change: (all) => without(3n)(all).slice(0, 2),
    record: { end: compacted(7n) },
    breaks: [["lost", 3n]],
  },
  {
    name: "a loss before its reader left",
    change: without(3n),
    record: { end: { kind: "left" } },
    breaks: [["lost", 3n]],
  },
];

for (const row of good) test(`checkWatch() has nothing against ${row.name}`, () => expectBreaks(row));
for (const row of bad) test(`checkWatch() objects to ${row.name}, and to nothing else`, () => expectBreaks(row));

function expectBreaks({ subject, change = (all) => all, record, breaks }: Row): void {
  const asked = { ...everything, ...subject };
  const opened = record !== undefined && "opened" in record ? record.opened : asked.start;
  const deliveries = change(truthfully(asked, opened ?? 9n));
  const end = { kind: "open" } as const;
  const violations = checkWatch(history, { name: "w", subject: asked, opened, end, ...record, deliveries });
  expect(
    violations.map(({ promise, revision }) => [promise, revision]),
    violations.map(({ says }) => says).join("\n"),
  ).to.deep.equal(breaks);
}

/** Each field made untrue, one at a time. */
function falsified(): Row[] {
  const lies: readonly (readonly [string, bigint, (event: DeliveredEvent) => DeliveredEvent])[] = [
    ["type", 7n, (event) => ({ ...event, type: "put" })],
    ["value", 5n, (event) => ({ ...event, kv: { ...event.kv, value: "x" } })],
    ["create revision", 6n, (event) => ({ ...event, kv: { ...event.kv, createRevision: 6n } })],
    ["version", 6n, (event) => ({ ...event, kv: { ...event.kv, version: 9n } })],
    ["lease", 5n, (event) => ({ ...event, kv: { ...event.kv, lease: 0n } })],
    ["isCreate", 6n, (event) => ({ ...event, isCreate: true })],
    ["missing prevKv", 6n, (event) => ({ ...event, prevKv: undefined })],
    ["prevKv of a new key", 5n, (event) => ({ ...event, prevKv: event.kv })],
    ["older prevKv", 6n, (event) => ({ ...event, prevKv: put(3n, "b", "3").kv })],
    ["prevKv of another key", 6n, (event) => ({ ...event, prevKv: put(2n, "a", "2").kv })],
  ];
  return lies.map(([name, revision, lie]) => ({
    name: `a false ${name}`,
    change: (all) => alter(all, revision, lie),
    breaks: [["content", revision]],
  }));
}
