import { test } from "node:test";
import { expect } from "chai";
import { auditHistory } from "../../chaos/account.ts";
import { History, oneKey } from "../../chaos/history.ts";
import { StoreModel } from "../../chaos/store-model.ts";
import type { Effect, Outcome, Write } from "../../chaos/writes.ts";

const put = (key: string, value: string, lease = 0n): Effect => ({ kind: "put", key, value, lease });
const remove = (key: string): Effect => ({ kind: "delete", ...oneKey(key) });
const lost: Outcome = { kind: "lost" };
const refused: Outcome = { kind: "refused", reason: "" };
const acknowledged = (revision: bigint): Outcome => ({ kind: "acknowledged", revision });

/** What happened, and what its writers were told. */
interface Row {
  readonly name: string;
  /** A number: the end of that lease. */
  readonly happened: readonly (readonly Effect[] | bigint)[];
  readonly told: readonly (readonly [readonly Effect[], Outcome])[];
  readonly finds: readonly string[];
}

const a = [put("a", "1")];
const many = [put("a", "2"), remove("b"), put("c", "2")];

const rows: readonly Row[] = [
  {
    name: "what was acknowledged",
    happened: [a, [put("b", "1")], many],
    told: [
      [a, acknowledged(2n)],
      [[put("b", "1")], acknowledged(3n)],
      [many, acknowledged(4n)],
    ],
    finds: [],
  },
  { name: "a lost write that ran", happened: [a], told: [[a, lost]], finds: [] },
  { name: "a lost write that did not run", happened: [], told: [[a, lost]], finds: [] },
  { name: "the end of a lease", happened: [[put("a", "1", 7n)], 7n], told: [[[put("a", "1", 7n)], lost]], finds: [] },
  {
    name: "a delete of nothing",
    happened: [],
    told: [[[remove("x")], { kind: "acknowledged", revision: undefined }]],
    finds: [],
  },
  {
    name: "a lost write that ran twice",
    happened: [a, a],
    told: [[a, lost]],
    finds: ["history: revision 3 was written by nobody: put 'a' = '1'"],
  },
  {
    name: "what nobody wrote",
    happened: [a],
    told: [],
    finds: ["history: revision 2 was written by nobody: put 'a' = '1'"],
  },
  {
    name: "what was refused, and ran",
    happened: [a],
    told: [[a, refused]],
    finds: ["history: revision 2 was refused, and ran: put 'a' = '1'"],
  },
  {
    name: "what was acknowledged, and is something else",
    happened: [[put("a", "other")]],
    told: [[a, acknowledged(2n)]],
    finds: ["history: revision 2 is not what was acknowledged for it: put 'a' = 'other'"],
  },
  {
    name: "what was acknowledged, and is not there",
    happened: [],
    told: [[a, acknowledged(2n)]],
    finds: ["history: revision 2 was acknowledged, but never was: "],
  },
  {
    name: "a revision that was acknowledged twice",
    happened: [a],
    told: [
      [a, acknowledged(2n)],
      [a, acknowledged(2n)],
    ],
    finds: ["history: revision 2 was acknowledged twice: put 'a' = '1'"],
  },
];

for (const { name, happened, told, finds } of rows) {
  test(`auditHistory() ${finds.length === 0 ? "accepts" : "finds"} ${name}`, () => {
    const writes = told.map(([effects, outcome]): Write => ({ effects, outcome, begunAt: 0, endedAt: 0 }));
    expect(auditHistory(historyOf(happened), writes)).to.deep.equal(finds);
  });
}

test("auditHistory() takes what was lost for what ran soon after it began, and never for what ran before", () => {
  const range: Effect = { kind: "delete", from: "b", to: "c" };
  const write = (effects: readonly Effect[], begunAt: number, outcome: Outcome): Write => {
    return { effects, begunAt, endedAt: begunAt + 1, outcome };
  };
  const [b, more] = [[put("b", "1")], [put("b", "2"), put("bb", "2")]];
  const writes = [
    write(b, 0, acknowledged(2n)),
    write([remove("b")], 2, lost), // never ran, but looks like the next one
    write([range], 4, lost), // ran as revision 3
    write(more, 6, acknowledged(4n)),
    write([remove("b")], 8, lost), // ran as revision 5
    write([remove("b")], 10, lost), // never ran
    write([put("a", "1")], 12, acknowledged(6n)),
    write([remove("bb")], 14, lost), // too late for anything
  ];
  const happened = [b, [range], more, [remove("b")], [put("a", "1")]];
  expect(auditHistory(historyOf(happened), writes)).to.deep.equal([]);
  const early = [b, [range], more, [remove("bb")], [put("a", "1")]];
  expect(auditHistory(historyOf(early), writes)).to.deep.equal([
    "history: revision 5 was written by nobody: delete 'bb'",
  ]);
});

function historyOf(happened: Row["happened"]): History {
  const history = new History();
  const model = new StoreModel();
  for (const change of happened) {
    const revision = history.last + 1n;
    const events = typeof change === "bigint" ? model.eventsOfEnd(change, revision) : model.eventsOf(change, revision);
    history.push(revision, events);
    model.apply(events);
  }
  return history;
}
