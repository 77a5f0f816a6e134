import { suite, test } from "node:test";
import { expect } from "chai";
import { answered, type Beat, failed, sent, unknown } from "../../../src/lease/beat.ts";
import { departures, nextLookAt, type Passenger } from "../../../src/lease/timetable.ts";

type Named = Passenger & { readonly name: string };

const lease = (name: string, beat: Beat, rest: Partial<Passenger> = {}): Named => ({
  name,
  beat,
  kept: true,
  ...rest,
});

/** Of 60 seconds: due each 20, and along with another's from 10 on. */
const aliveAt = (at: number): Beat => answered(at, 60_000);

interface Row {
  readonly what: string;
  readonly leases: readonly Named[];
  readonly woke?: boolean;
  readonly go: string;
}

const now = 100_000;
const due = lease("due", aliveAt(80_000));

const rows: readonly Row[] = [
  { what: "nobody where nobody is due", leases: [lease("a", aliveAt(80_001)), lease("b", aliveAt(90_000))], go: "" },
  { what: "one that is due", leases: [due], go: "due" },
  { what: "with it those half-way there", leases: [lease("a", aliveAt(90_000)), due], go: "a due" },
  { what: "not those that beat a moment ago", leases: [lease("a", aliveAt(90_001)), due], go: "due" },
  { what: "a short one by its own sixth", leases: [due, lease("a", answered(98_000, 12_000))], go: "due a" },
  { what: "and not before", leases: [due, lease("a", answered(98_001, 12_000))], go: "due" },
  { what: "a late timer's", leases: [lease("a", aliveAt(10)), lease("b", aliveAt(20))], go: "a b" },
  { what: "not one that is released", leases: [lease("a", aliveAt(0), { kept: false }), due], go: "due" },
  { what: "nobody for one that is released", leases: [lease("a", aliveAt(0), { kept: false })], go: "" },
  { what: "an attached one at once", leases: [lease("a", unknown(now))], go: "a" },
  { what: "not one that is under way", leases: [due, lease("a", sent(aliveAt(79_000), 99_000))], go: "due" },
  { what: "one that hangs", leases: [lease("a", sent(aliveAt(70_000), 90_000))], go: "a" },
  {
    what: "one that hangs, and takes nobody along",
    leases: [lease("a", sent(aliveAt(70_000), 90_000)), lease("b", aliveAt(85_000))],
    go: "a",
  },
  { what: "one that failed, along", leases: [due, lease("a", failed(aliveAt(79_000), 99_999))], go: "due a" },
  { what: "one that failed, alone not yet", leases: [lease("a", failed(aliveAt(79_000), 99_999))], go: "" },
  {
    what: "all, when the page wakes",
    leases: [lease("a", aliveAt(98_000)), lease("b", aliveAt(99_000))],
    woke: true,
    go: "a b",
  },
  { what: "those under way too", leases: [lease("a", sent(aliveAt(70_000), 98_000))], woke: true, go: "a" },
  { what: "but once for all events of a waking", leases: [lease("a", sent(aliveAt(0), 99_001))], woke: true, go: "" },
  { what: "waking does not revive", leases: [lease("a", aliveAt(98_000), { kept: false })], woke: true, go: "" },
];

suite("departures() lets go", () => {
  for (const row of rows) {
    test(row.what, () => {
      const names = departures(row.leases, now, row.woke ?? false).map(({ name }) => name);
      expect(names.join(" ")).to.equal(row.go);
    });
  }

  test("two leases of a length together after one beat, however they were granted", () => {
    for (let offset = 0; offset <= 20_000; offset += 1_000) {
      let leases = [lease("a", aliveAt(0)), lease("b", aliveAt(offset))];
      let shared = false;
      for (let beats = 0; beats < 3; beats++) {
        const at = nextLookAt(leases);
        const going = departures(leases, at, false);
        leases = leases.map((each) => (going.includes(each) ? lease(each.name, aliveAt(at)) : each));
        shared = going.length === 2;
      }
      expect(shared, `${offset} ms apart`).to.equal(true);
    }
  });
});

test("nextLookAt() is the first sign of life that is due or the first end, and never for what does nothing", () => {
  const ends = lease("ends", aliveAt(10_000), { kept: false });
  expect(nextLookAt([ends])).to.equal(70_000);
  expect(nextLookAt([ends, lease("a", aliveAt(40_000))])).to.equal(60_000);
  expect(nextLookAt([lease("a", sent(aliveAt(0), 55_000))])).to.equal(60_000);
  expect(nextLookAt([])).to.equal(Number.POSITIVE_INFINITY);
  expect(nextLookAt([lease("a", unknown(0), { kept: false })])).to.equal(Number.POSITIVE_INFINITY);
});
