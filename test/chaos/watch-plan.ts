import type { Range } from "../../src/index.ts";
import { type Interval, keyToBytes, oneKey } from "./history.ts";
import { keys, prefixes, randomInterval } from "./keys.ts";
import type { Random } from "./random.ts";
import type { WatchSubject } from "./watch-record.ts";

/** Where a watch begins: from now on, a share of the way through what can still be read, or so many revisions ahead. */
export type Start =
  | { readonly kind: "now" }
  | { readonly kind: "old"; readonly share: number }
  | { readonly kind: "ahead"; readonly by: number };

/** How a reader leaves a watch that it has had enough of. */
export type Leaving = "close" | "abort" | "break";

/** What a watch will be asked for, and how it will be read. */
export interface WatchPlan {
  readonly range: Range;
  readonly subject: Omit<WatchSubject, "start">;
  readonly start: Start;
  /** Watches that differ in this share no stream. */
  readonly requireLeader: boolean;
  /** The longest that its reader now and then waits before it reads on; 0: it never does. */
  readonly restMs: number;
  /** How long it is kept; undefined: to the end. */
  readonly lifeMs: number | undefined;
  readonly leaving: Leaving;
}

/** The plan of a watch; a steady one is there from before the first fault until after the last one. */
export function planWatch(random: Random, steady: boolean): WatchPlan {
  const [range, interval] = random.pick(ranges)(random);
  const subject = {
    ...interval,
    prevKv: random.chance(0.4),
    only: random.pick([undefined, undefined, undefined, undefined, "put", "delete"] as const),
    progress: random.chance(0.5),
    by: random.chance(0.8) ? "batches" : "events",
  } as const;
  return {
    range,
    // What is read event by event has no bookmarks.
    subject: { ...subject, progress: subject.progress && subject.by === "batches" },
    start: planStart(random, steady),
    requireLeader: random.chance(0.8),
    restMs: planRest(random),
    lifeMs: steady ? undefined : random.between(200, 6_000),
    leaving: random.pick(["close", "abort", "break"] as const),
  };
}

function planStart(random: Random, steady: boolean): Start {
  const draw = random.next();
  if (draw < 0.5) return { kind: "now" };
  if (draw < 0.9 || steady) return { kind: "old", share: random.next() };
  return { kind: "ahead", by: random.between(1, 60) };
}

// Most readers are quick, some are slow, and a few fall so far behind that their watch has to leave the stream.
function planRest(random: Random): number {
  const draw = random.next();
  if (draw < 0.7) return 0;
  return draw < 0.85 ? random.between(20, 800) : random.between(4_000, 10_000);
}

const ranges: readonly ((random: Random) => readonly [Range, Interval])[] = [
  ofOneKey,
  ofOneKey,
  ofPrefix,
  ofPrefix,
  (random) => {
    const { from, to } = randomInterval(random);
    return [
      { from: keyToBytes(from), to: keyToBytes(to) },
      { from, to },
    ];
  },
  (random) => {
    const from = random.pick(keys);
    return [{ from: keyToBytes(from) }, { from, to: undefined }];
  },
  () => [{ all: true }, { from: "", to: undefined }],
];

function ofOneKey(random: Random): readonly [Range, Interval] {
  const key = random.pick(keys);
  return [keyToBytes(key), oneKey(key)];
}

function ofPrefix(random: Random): readonly [Range, Interval] {
  const prefix = random.pick(prefixes);
  return [{ prefix: keyToBytes(prefix) }, { from: prefix, to: firstAfter(prefix) }];
}

/** The first key that does not begin with `prefix`; none of ours begins with the last byte there is. */
function firstAfter(prefix: string): string {
  const kept = prefix.replace(/\xff+$/, "");
  return kept.slice(0, -1) + String.fromCharCode(kept.charCodeAt(kept.length - 1) + 1);
}
