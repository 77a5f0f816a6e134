import { History, type KeyEvent, type Pair } from "../../chaos/history.ts";
import {
  covers,
  type DeliveredEvent,
  type Delivery,
  deletedPair,
  type WatchRecord,
  type WatchSubject,
} from "../../chaos/watch-record.ts";

/** What truly happened, in all that these tests look at. */
export const history: History = makeHistory();
/** A watch that covers most of it. */
export const everything: WatchSubject = {
  from: "a",
  to: "m",
  prevKv: true,
  only: undefined,
  progress: true,
  start: 2n,
  by: "batches",
};

// Revisions 2 to 8: single puts, a transaction, a put under a lease, a delete, and a write to another range.
function makeHistory(): History {
  const revisions: KeyEvent[][] = [
    [put(2n, "a", "2")],
    [put(3n, "b", "3")],
    [
      put(4n, "a", "4", 2n, 2n, put(2n, "a", "2").kv),
      put(4n, "b", "4", 3n, 2n, put(3n, "b", "3").kv),
      put(4n, "c", "4"),
    ],
    [put(5n, "d", "5", 5n, 1n, undefined, 77n)],
    [put(6n, "b", "6", 3n, 3n, put(4n, "b", "4", 3n, 2n).kv)],
    [{ type: "delete", kv: deletedPair("d", 7n), prevKv: put(5n, "d", "5", 5n, 1n, undefined, 77n).kv }],
    [put(8n, "c", "8", 4n, 2n, put(4n, "c", "4").kv), put(8n, "z", "8")],
  ];
  const made = new History();
  for (const [index, events] of revisions.entries()) made.push(BigInt(index + 2), events);
  return made;
}

export function put(
  modRevision: bigint,
  key: string,
  value: string,
  createRevision: bigint = modRevision,
  version = 1n,
  prevKv: Pair | undefined = undefined,
  lease = 0n,
): KeyEvent {
  return { type: "put", kv: { key, value, createRevision, modRevision, version, lease }, prevKv };
}

export function told(event: KeyEvent): DeliveredEvent {
  return { ...event, isCreate: event.type === "put" && event.kv.createRevision === event.kv.modRevision };
}

export function truthfully(subject: WatchSubject, start: bigint): Delivery[] {
  const deliveries: Delivery[] = [];
  for (let revision = start; revision <= history.last; revision++) {
    const covered = history.at(revision).filter((event) => covers(subject, event));
    const events = covered.map((event) => told(subject.prevKv ? event : { ...event, prevKv: undefined }));
    if (events.length > 0) deliveries.push({ revision, events, compacted: 0n });
  }
  return deliveries;
}

export function alter(
  all: Delivery[],
  revision: bigint,
  change: (event: DeliveredEvent) => DeliveredEvent,
  more: Partial<Delivery> = {},
): Delivery[] {
  return all.map((one) => (one.revision === revision ? { ...one, ...more, events: one.events.map(change) } : one));
}

export function at(all: readonly Delivery[], revision: bigint): Delivery[] {
  return all.filter((one) => one.revision === revision);
}

export function truth(revision: bigint): Delivery[] {
  return at(truthfully(everything, 2n), revision);
}

export function without(revision: bigint): (all: Delivery[]) => Delivery[] {
  return (all) => all.filter((one) => one.revision !== revision);
}

export function swap(revision: bigint): (all: Delivery[]) => Delivery[] {
  return (all) => {
    const place = all.findIndex((one) => one.revision === revision);
    return [...all.slice(0, place), ...all.slice(place, place + 2).toReversed(), ...all.slice(place + 2)];
  };
}

/** A batch and the one after it, as one. */
export function merge(revision: bigint): (all: Delivery[]) => Delivery[] {
  return (all) => {
    const place = all.findIndex((one) => one.revision === revision);
    const [first, second] = all.slice(place, place + 2);
    const both = { ...second, events: [...(first?.events ?? []), ...(second?.events ?? [])] } as Delivery;
    return all.toSpliced(place, 2, both);
  };
}

export function twiceAt(one: Delivery, revision: bigint): Delivery[] {
  return one.revision === revision ? [one, one] : [one];
}

export function splitAt(one: Delivery, revision: bigint): Delivery[] {
  if (one.revision !== revision) return [one];
  return [
    { ...one, events: one.events.slice(0, 1) },
    { ...one, events: one.events.slice(1) },
  ];
}

export function dropEvent(all: Delivery[], revision: bigint, place: number): Delivery[] {
  return all.map((one) => (one.revision === revision ? { ...one, events: one.events.toSpliced(place, 1) } : one));
}

export function stray(all: Delivery[], revision: bigint, key: string): Delivery[] {
  const extra = told(put(revision, key, "4", 2n, 2n));
  return all
    .flatMap((one) => (one.revision === revision ? [{ ...one, events: [...one.events, extra] }] : [one]))
    .concat(all.some((one) => one.revision === revision) ? [] : [{ revision, events: [extra], compacted: 0n }]);
}

export function withPrevKv(all: Delivery[]): Delivery[] {
  return alter(all, 7n, (event) => ({ ...event, prevKv: put(5n, "d", "5", 5n, 1n, undefined, 77n).kv }));
}

export function eventByEvent(all: Delivery[]): Delivery[] {
  return all.flatMap((one) => one.events.map((event) => ({ ...one, events: [event] })));
}

export function bookmark(revision: bigint): Delivery {
  return { revision, events: [], compacted: 0n };
}

export function beforeEach(all: Delivery[], revision: bigint, extra: Delivery): Delivery[] {
  return all.flatMap((one) => (one.revision === revision ? [extra, one] : [one]));
}

export function compacted(compactRevision: bigint, asked: bigint[] = [compactRevision]): WatchRecord["end"] {
  return { kind: "compacted", compactRevision, asked };
}
