import { test } from "node:test";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { expect } from "chai";
import { WatchResponseSchema } from "../../../src/proto.ts";
import { advance, type Position, type Step } from "../../../src/watch/position.ts";

type Response = MessageInitShape<typeof WatchResponseSchema>;

const key = Uint8Array.of(0x6b);
const header = (revision: bigint): Pick<Response, "header"> => ({ header: { revision } });
const events = (...revisions: bigint[]): Pick<Response, "events"> => ({
  events: revisions.map((modRevision) => ({ kv: { key, modRevision } })),
});
const created: Response = { created: true, ...header(99n) };

interface Row {
  readonly name: string;
  readonly start: bigint;
  readonly responses: readonly Response[];
  /** What each response gave: revisions with their number of events, or another step. */
  readonly steps: readonly (string | readonly [bigint, number][])[];
  readonly next: bigint;
}

const rows: readonly Row[] = [
  {
    name: "created moves nothing, whatever its header says (it is numbered after newer servers began to watch)",
    start: 11n,
    responses: [created],
    steps: ["confirmed"],
    next: 11n,
  },
  {
    name: "an event below the created header is delivered",
    start: 11n,
    responses: [created, { ...events(11n), ...header(99n) }],
    steps: ["confirmed", [[11n, 1]]],
    next: 12n,
  },
  {
    name: "a catch-up batch counts by its events, not by its header that runs ahead",
    start: 2n,
    responses: [created, { ...events(2n, 3n, 3n, 7n), ...header(2501n) }, { ...events(8n), ...header(2501n) }],
    steps: [
      "confirmed",
      [
        [2n, 1],
        [3n, 2],
        [7n, 1],
      ],
      [[8n, 1]],
    ],
    next: 9n,
  },
  {
    name: "what was delivered before is dropped (a server that sends it again, or an event from before the start)",
    start: 5n,
    responses: [created, events(4n, 5n), events(5n), events(4n, 6n)],
    steps: ["confirmed", [[5n, 1]], "nothing", [[6n, 1]]],
    next: 7n,
  },
  {
    name: "parts are delivered as they come, but for the last revision of each, which may be split",
    start: 2n,
    responses: [
      created,
      { ...events(2n, 3n), fragment: true, ...header(4n) },
      { ...events(3n), fragment: true, ...header(4n) },
      { ...events(3n, 4n), ...header(4n) },
    ],
    steps: [
      "confirmed",
      [[2n, 1]],
      "nothing",
      [
        [3n, 3],
        [4n, 1],
      ],
    ],
    next: 5n,
  },
  {
    name: "a last fragment without events still delivers",
    start: 2n,
    responses: [created, { ...events(2n), fragment: true }, header(2n)],
    steps: ["confirmed", "nothing", [[2n, 1]]],
    next: 3n,
  },
  {
    name: "progress of one watch is a bookmark",
    start: 11n,
    responses: [created, { watchId: 1n, ...header(20n) }],
    steps: ["confirmed", "bookmark 20"],
    next: 21n,
  },
  {
    name: "progress for the revision before the start is a bookmark that moves nothing",
    start: 11n,
    responses: [created, header(10n)],
    steps: ["confirmed", "bookmark 10"],
    next: 11n,
  },
  {
    name: "progress of all watches before created says nothing of this one",
    start: 11n,
    responses: [{ watchId: -1n, ...header(20n) }, created, { watchId: -1n, ...header(21n) }],
    steps: ["nothing", "confirmed", "bookmark 21"],
    next: 22n,
  },
  {
    name: "progress from before a start to come does not move it back (etcd before 3.4.38, 3.5.22, 3.6.2)",
    start: 100_000n,
    responses: [created, header(5n), events(100_000n)],
    steps: ["confirmed", "nothing", [[100_000n, 1]]],
    next: 100_001n,
  },
  {
    name: "progress never moves back",
    start: 2n,
    responses: [created, events(9n), header(7n), header(9n)],
    steps: ["confirmed", [[9n, 1]], "nothing", "bookmark 9"],
    next: 10n,
  },
  {
    name: "a compaction is told after created, with how far it went",
    start: 2n,
    responses: [created, { canceled: true, compactRevision: 50n, ...header(0n) }],
    steps: ["confirmed", "compacted 50"],
    next: 2n,
  },
  {
    name: "a refused create is told, whichever id it carries",
    start: 2n,
    responses: [
      { created: true, canceled: true, watchId: -1n, cancelReason: "etcdserver: x" },
      { created: true, canceled: true, watchId: 0n, cancelReason: "etcdserver: x" },
    ],
    steps: ["refused etcdserver: x", "refused etcdserver: x"],
    next: 2n,
  },
  {
    name: "a cancel without a reason, later",
    start: 2n,
    responses: [created, events(3n), { canceled: true }],
    steps: ["confirmed", [[3n, 1]], "canceled "],
    next: 4n,
  },
];

for (const { name, start, responses, steps, next } of rows) {
  test(`advance(): ${name}`, () => {
    const position: Position = { next: start, confirmed: false, fragments: undefined };
    const seen = responses.map((response) => {
      const before = position.next;
      const step = advance(position, create(WatchResponseSchema, response));
      expect(position.next >= before).to.equal(true);
      return describe(step);
    });
    expect(seen).to.deep.equal(steps);
    expect(position.next).to.equal(next);
  });
}

function describe(step: Step): string | readonly [bigint, number][] {
  switch (step.kind) {
    case "revisions":
      return step.revisions.map((each) => [each.revision, each.events.length]);
    case "bookmark":
      return `bookmark ${step.revision}`;
    case "compacted":
      return `compacted ${step.compactRevision}`;
    case "canceled":
      return `${step.refused ? "refused" : "canceled"} ${step.reason}`;
    default:
      return step.kind;
  }
}
