import { test } from "node:test";
import { expect } from "chai";
import { KeyValue } from "../../../../src/index.ts";
import { Backlog } from "../../../../src/live/tabs/backlog.ts";
import { take } from "../../../../src/live/tabs/cover.ts";
import { compareReigns } from "../../../../src/live/tabs/messages.ts";
import { onSilence } from "../../../../src/live/tabs/silence.ts";
import { reviveBatch, type WatchBatch, type WatchEvent } from "../../../../src/watch/events.ts";

function batch(revision: number, bytes = 1): WatchBatch {
  const fields = { createRevision: 1n, modRevision: BigInt(revision), version: 1n, lease: 0n };
  const kv = KeyValue.from({ key: new Uint8Array([97]), value: new Uint8Array(bytes), ...fields });
  return { revision: BigInt(revision), events: [{ type: "put", kv, prevKv: undefined, isCreate: false }] };
}

const cases: readonly {
  says: string;
  next: number;
  from: number;
  to: number;
  given: number[];
  taken: number[] | "gap";
  after: number;
}[] = [
  { says: "what comes next is taken", next: 5, from: 5, to: 8, given: [5, 7], taken: [5, 7], after: 8 },
  { says: "what was had is left out", next: 6, from: 3, to: 8, given: [3, 5, 6, 7], taken: [6, 7], after: 8 },
  { says: "what is old changes nothing", next: 9, from: 3, to: 8, given: [3, 7], taken: [], after: 9 },
  { says: "without events it moves on", next: 5, from: 5, to: 9, given: [], taken: [], after: 9 },
  { says: "what leaves something out is not taken", next: 5, from: 6, to: 8, given: [7], taken: "gap", after: 5 },
];

for (const { says, next, from, to, given, taken, after } of cases) {
  test(`a cover: ${says}`, () => {
    const batches = given.map((revision) => batch(revision));
    const found = take(BigInt(next), { from: BigInt(from), next: BigInt(to), batches });
    if (taken === "gap") expect(found).to.deep.equal({ kind: "gap" });
    else {
      expect(found.kind === "taken" && found.batches.map(({ revision }) => Number(revision))).to.deep.equal(taken);
      expect(found.kind === "taken" && Number(found.next)).to.equal(after);
    }
  });
}

test("a backlog goes back to its start, and forgets the oldest where it grows large", () => {
  const backlog = new Backlog(5n);
  expect([backlog.covers(4n), backlog.covers(5n), backlog.covers(9n)]).to.deep.equal([false, true, true]);
  expect(backlog.add(batch(7))).to.deep.include({ from: 5n, next: 8n });
  expect(backlog.add({ revision: 20n, events: [] })).to.deep.equal({ from: 8n, next: 21n, batches: [] });
  expect(backlog.add({ revision: 3n, events: [] })).to.deep.equal({ from: 21n, next: 21n, batches: [] });
  expect(backlog.since(6n)).to.deep.include({ from: 6n, next: 21n });
  expect(backlog.since(6n).batches.map(({ revision }) => revision)).to.deep.equal([7n]);
  expect(backlog.since(8n)).to.deep.equal({ from: 8n, next: 21n, batches: [] });
  expect(backlog.since(99n)).to.deep.equal({ from: 21n, next: 21n, batches: [] });
  backlog.add(batch(30, 700_000));
  backlog.add(batch(31, 700_000));
  expect([backlog.covers(30n), backlog.covers(31n)]).to.deep.equal([false, true]);
  expect(backlog.since(0n).from).to.equal(31n);
});

test("of a holder that is silent a tab asks, then steals; one that was asleep itself waits", () => {
  const silence = (ms: number, lateMs = 0, random = 0): string => onSilence({ ms, lateMs, random });
  expect([0, 500, 700, 1_100, 1_200].map((ms) => silence(ms))).to.deep.equal(["wait", "wait", "ping", "ping", "steal"]);
  expect([silence(1_400, 0, 0.9), silence(1_500, 0, 0.9)]).to.deep.equal(["ping", "steal"]);
  expect([silence(60_000, 59_000), silence(60_000, 900)]).to.deep.equal(["start-again", "steal"]);
});

test("of two reigns the later one is right, and of two at once always the same", () => {
  expect(compareReigns({ epoch: 2, tab: "a" }, { epoch: 1, tab: "b" })).to.be.greaterThan(0);
  expect(compareReigns({ epoch: 1, tab: "a" }, { epoch: 1, tab: "b" })).to.be.lessThan(0);
  expect(compareReigns({ epoch: 1, tab: "a" }, { epoch: 1, tab: "a" })).to.equal(0);
});

test("a batch that was copied has its methods again", () => {
  const key = new TextEncoder().encode("a");
  const deleted = { type: "delete", kv: { key, modRevision: 9n }, prevKv: undefined };
  const given = { revision: 9n, events: [...batch(9).events, deleted as unknown as WatchEvent] };
  const { events } = reviveBatch(structuredClone(given));
  expect(events.map(({ kv }) => kv.keyText())).to.deep.equal(["a", "a"]);
  expect(JSON.stringify(events[1])).to.equal('{"type":"delete","kv":{"key":"a","modRevision":"9"}}');
});
