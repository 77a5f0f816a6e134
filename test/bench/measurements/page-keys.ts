import { servePlayground } from "../../browser/playground-site.ts";
import { launchChromium } from "../../fixtures/chromium.ts";
import { Comparison } from "../comparison.ts";
import type { Measurement } from "../measurement.ts";
import { type BusyList, watchBusyList } from "../playground/busy-list.ts";
import type { Frames } from "../playground/frames.ts";
import { growth } from "../playground/growth.ts";
import type { Held } from "../playground/held.ts";
import { formatFigure, percentile } from "../samples.ts";
import type { Table } from "../table.ts";

const keys = 100_000;
const changesPerSecond = 100;
const mebibyte = 2 ** 20;
const [start, whole] = ["at the start", "all of it"];

/** A list of very many keys that change, under somebody who scrolls and types all the time. */
export const pageKeys: Measurement = {
  name: "page-keys",
  async measure({ place, minutes, progress }) {
    await using site = await servePlayground();
    await using chromium = await launchChromium();
    const { browser } = chromium;
    const how = { keys, changesPerSecond, minutes, progress };
    return toTable(await watchBusyList({ browser, url: site.pageUrl, etcd: place.envoy, ...how }), minutes);
  },
};

function toTable(seen: BusyList, minutes: number): Table {
  const { stretches } = seen;
  const minute = (i: number): string => `minute ${i + 1}`;
  const comparison = new Comparison({
    title: `The playground: ${keys.toLocaleString("en")} keys of which ${changesPerSecond} change every second`,
    columns,
    rows: [start, ...stretches.map((_, i) => minute(i)), whole],
    base: "",
    note: describe(seen, minutes),
  });
  comparison.add(start, heldFigures(seen.start));
  for (const [i, { frames, held }] of stretches.entries()) {
    comparison.add(minute(i), { ...frameFigures(frames), ...heldFigures(held) });
  }
  comparison.add(whole, frameFigures(together(stretches.map(({ frames }) => frames))));
  return comparison.table;
}

const columns = {
  frames: undefined,
  "a frame: p50, ms": undefined,
  "a frame: p95, ms": undefined,
  "a frame: most, ms": undefined,
  "frame to frame: p95, ms": undefined,
  "key to screen: p50, ms": undefined,
  "key to screen: p95, ms": undefined,
  "heap, MiB": undefined,
  nodes: undefined,
  listeners: undefined,
};
type Figures = Partial<Record<keyof typeof columns, number>>;

function frameFigures({ frame, apart, key }: Frames): Figures {
  return {
    frames: frame.length,
    "a frame: p50, ms": percentile(frame, 50),
    "a frame: p95, ms": percentile(frame, 95),
    "a frame: most, ms": percentile(frame, 100),
    "frame to frame: p95, ms": percentile(apart, 95),
    "key to screen: p50, ms": percentile(key, 50),
    "key to screen: p95, ms": percentile(key, 95),
  };
}

function heldFigures({ bytes, nodes, listeners }: Held): Figures {
  return { "heap, MiB": bytes / mebibyte, nodes, listeners };
}

function together(each: readonly Frames[]): Frames {
  return {
    frame: each.flatMap(({ frame }) => frame),
    apart: each.flatMap(({ apart }) => apart),
    key: each.flatMap(({ key }) => key),
  };
}

function describe({ start: before, stretches, changes }: BusyList, minutes: number): string {
  const heap = [before, ...stretches.map(({ held }) => held)].map(({ bytes }) => bytes / mebibyte);
  const aMinute = growth(heap) * (stretches.length / minutes);
  const ratio = (heap.at(-1) ?? Number.NaN) / (heap[0] ?? Number.NaN);
  return [
    "The list is scrolled without a pause, at 3,000 pixels a second, while words are typed into its filter and taken back, a key each 120 ms; etcd is real, behind Envoy.",
    "By Chromium's trace: a frame lasts from the beginning of the first task that led to it until the page has drawn it; a key's way to the screen ends with the first frame on the screen that knows of it.",
    "Heap (scripts, document, buffers), the document's nodes and listeners are counted after a collection, when all has been scrolled back and the filter is empty; a node for each word typed is Chromium's own, which remembers it to undo it.",
    `There were ${changes.toLocaleString("en")} changes. The heap grows by ${formatFigure(aMinute)} MiB a minute; at the end it is ${formatFigure(ratio)} of what it was at the start.`,
  ].join(" ");
}
