import { differences } from "./compare-event.ts";
import { type Finding, type Promised, wrongEnd, wrongOpening } from "./findings.ts";
import { type History, holds, type KeyEvent } from "./history.ts";
import { listRevisions, quote } from "./sentences.ts";
import { covers, type DeliveredEvent, type Delivery, type WatchRecord } from "./watch-record.ts";

/** One broken promise. */
export interface Violation {
  readonly promise: Promised;
  readonly watch: string;
  readonly revision: bigint | undefined;
  /** What is wrong, in a sentence. */
  readonly says: string;
}

/** Everything that a watch did other than it promised, given what truly happened. */
export function checkWatch(history: History, record: WatchRecord): Violation[] {
  const check = new WatchCheck(history, record);
  for (const delivery of wholeDeliveries(record)) check.take(delivery);
  return check.finish();
}

/** What was read event by event, put together where the revision is the same. */
function wholeDeliveries({ subject, deliveries }: WatchRecord): readonly Delivery[] {
  if (subject.by === "batches") return deliveries;
  const whole: Delivery[] = [];
  for (const delivery of deliveries) {
    const last = whole.at(-1);
    if (last?.revision !== delivery.revision) whole.push(delivery);
    else whole.splice(-1, 1, { ...delivery, events: [...last.events, ...delivery.events] });
  }
  return whole;
}

class WatchCheck {
  readonly #history: History;
  readonly #record: WatchRecord;
  readonly #start: bigint;
  readonly #violations: Violation[] = [];
  /** Revisions that were passed over though they hold something of the watch: lost, unless they come out of order. */
  readonly #skipped = new Set<bigint>();
  /** Of revisions that came in part: what is missing. */
  readonly #missing = new Map<bigint, readonly KeyEvent[]>();
  /** Everything before has come, or is in the two above. */
  #next: bigint;
  /** What bookmarks have lied about is said once. */
  #lied = 0n;

  constructor(history: History, record: WatchRecord) {
    this.#history = history;
    this.#record = record;
    this.#start = record.subject.start ?? record.opened ?? history.last + 1n;
    this.#next = this.#start;
    for (const finding of wrongOpening(record)) this.#report(...finding);
  }

  take(delivery: Delivery): void {
    if (this.#record.opened === undefined) this.#report("opened", delivery.revision, "came before the watch was open");
    if (delivery.events.length === 0) this.#takeBookmark(delivery.revision);
    else this.#takeBatch(delivery);
  }

  #takeBatch(delivery: Delivery): void {
    const revisions = [...new Set(delivery.events.map(({ kv }) => kv.modRevision))];
    if (revisions.length > 1) this.#report("merged", delivery.revision, `holds the revisions ${revisions.join(", ")}`);
    else if (revisions[0] !== delivery.revision)
      this.#report("content", delivery.revision, `holds events of ${revisions[0]}`);
    for (const revision of revisions) {
      const events = delivery.events.filter(({ kv }) => kv.modRevision === revision);
      this.#takeRevision({ ...delivery, revision, events });
    }
  }

  finish(): Violation[] {
    const { end } = this.#record;
    if (end.kind === "open") this.#skipTo(this.#history.last + 1n);
    for (const finding of wrongEnd(end, this.#next)) this.#report(...finding);
    this.#reportLost();
    return this.#violations;
  }

  #takeRevision(delivery: Delivery): void {
    const { revision } = delivery;
    const wrong = this.#outOfBounds(revision);
    if (wrong !== undefined) {
      this.#report(...wrong);
      return;
    }
    const due = this.#due(revision);
    if (due === undefined) this.#report("repeated", revision, "came again");
    else this.#takeEvents(due, delivery);
  }

  #outOfBounds(revision: bigint): Finding | undefined {
    if (revision < this.#start) return ["bounds", revision, `came, though the watch starts at ${this.#start}`];
    if (revision > this.#history.last) return ["never happened", revision, "came, but was never written"];
    return undefined;
  }

  /** What has not come yet of a revision; undefined: nothing is due. */
  #due(revision: bigint): readonly KeyEvent[] | undefined {
    const missing = this.#missing.get(revision);
    if (revision >= this.#next) {
      this.#skipTo(revision);
      this.#next = revision + 1n;
    } else if (missing !== undefined) {
      this.#report("split", revision, "came in more than one part");
      this.#missing.delete(revision);
      return missing;
    } else if (this.#skipped.delete(revision)) {
      this.#report("out of order", revision, `came after ${this.#next - 1n}`);
    } else if (this.#covered(revision).length > 0) return undefined;
    return this.#covered(revision);
  }

  #takeEvents(due: readonly KeyEvent[], delivery: Delivery): void {
    const { revision } = delivery;
    const places = new Set<number>();
    for (const told of delivery.events) {
      const place = due.findIndex((event, index) => event.kv.key === told.kv.key && !places.has(index));
      const truth = due[place];
      if (truth === undefined) {
        this.#reportStray(told, revision);
        continue;
      }
      places.add(place);
      const wrong = differences(truth, told, this.#record.subject, delivery);
      if (wrong.length > 0) this.#report("content", revision, `${quote(told.kv.key)}: ${wrong.join(", ")}`);
    }
    if (!isAscending([...places])) this.#report("out of order", revision, "has its events in another order");
    const missing = due.filter((_, index) => !places.has(index));
    if (missing.length > 0) this.#missing.set(revision, missing);
  }

  #reportStray({ type, kv }: DeliveredEvent, revision: bigint): void {
    const { subject } = this.#record;
    const truth = this.#history.at(revision).find((event) => event.kv.key === kv.key);
    if (truth === undefined) this.#report("never happened", revision, `did not ${type} ${quote(kv.key)}`);
    else if (covers(subject, truth)) this.#report("repeated", revision, `holds ${quote(kv.key)} again`);
    else if (holds(subject, kv.key)) this.#report("outside", revision, `holds a ${type}, which was not asked for`);
    else this.#report("outside", revision, `holds ${quote(kv.key)}, which is not in the range`);
  }

  #takeBookmark(revision: bigint): void {
    const wrong = this.#wrongBookmark(revision);
    const owed = this.#uncovered(revision + 1n);
    const lastOwed = owed.at(-1);
    if (wrong !== undefined) this.#report("bookmark", revision, wrong);
    else if (lastOwed === undefined) this.#next = revision + 1n;
    else if (lastOwed > this.#lied) {
      this.#lied = lastOwed;
      this.#report("bookmark", revision, `is a bookmark, but ${listRevisions(owed)} had not been delivered`);
    }
  }

  #wrongBookmark(revision: bigint): string | undefined {
    if (!this.#record.subject.progress) return "is a bookmark nobody asked for";
    if (revision > this.#history.last) return "is a bookmark beyond the store";
    return revision < this.#next - 1n ? `is a bookmark after ${this.#next - 1n}` : undefined;
  }

  #reportLost(): void {
    const { end, subject } = this.#record;
    const lost = [...this.#skipped].sort((a, b) => Number(a - b));
    if (lost.length > 0) this.#say("lost", lost[0], `${listRevisions(lost)} never came`);
    for (const [revision, events] of this.#missing) {
      // Who leaves in the middle of a revision has not read its end.
      if (subject.by === "events" && end.kind === "left" && revision === this.#next - 1n) continue;
      this.#report("lost", revision, `came without ${events.map(({ kv }) => quote(kv.key)).join(", ")}`);
    }
  }

  #skipTo(revision: bigint): void {
    for (const skipped of this.#uncovered(revision)) this.#skipped.add(skipped);
  }

  /** The revisions from the next one to before `end` that hold something of the watch. */
  #uncovered(end: bigint): bigint[] {
    const revisions: bigint[] = [];
    for (let revision = this.#next; revision < end; revision++) {
      if (this.#covered(revision).length > 0) revisions.push(revision);
    }
    return revisions;
  }

  #covered(revision: bigint): KeyEvent[] {
    return this.#history.at(revision).filter((event) => covers(this.#record.subject, event));
  }

  #report(...[promise, revision, what]: Finding): void {
    this.#say(promise, revision, `${revision === undefined ? "it" : `revision ${revision}`} ${what}`);
  }

  #say(promise: Promised, revision: bigint | undefined, sentence: string): void {
    const watch = this.#record.name;
    this.#violations.push({ promise, watch, revision, says: `${watch}: ${promise}: ${sentence}` });
  }
}

function isAscending(places: readonly number[]): boolean {
  return places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0));
}
