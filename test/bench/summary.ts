import { formatFigure, formatRatio, median } from "./samples.ts";
import { formatLines, ratioIn, samplesIn, type Table } from "./table.ts";

/** A line of the short table. */
interface Line {
  readonly says: string;
  readonly table: string;
  readonly column: string;
  /** Default: this package as it comes. */
  readonly row?: string;
}

/** What somebody who chooses a client asks first. */
const lines: readonly Line[] = [
  { says: "one get, ms", table: "calls", column: "get" },
  { says: "one put, ms", table: "calls", column: "put" },
  { says: "one transaction, ms", table: "calls", column: "txn" },
  { says: "200 gets at once, ms", table: "calls", column: "200 gets at once" },
  { says: "… with batching()", table: "calls", column: "200 gets at once", row: "etcd-web, batching()" },
  { says: "… in Chromium, HTTP/1.1", table: "chromium-http1", column: "200 gets, ms" },
  {
    says: "… in Chromium with batching()",
    table: "chromium-http1",
    column: "200 gets, ms",
    row: "etcd-web, batching()",
  },
  {
    says: "50,000 keys of 1 KiB: the first, ms",
    table: "list",
    column: "50,000 keys: first, ms",
    row: "etcd-web, scan()",
  },
  { says: "… the last, ms", table: "list", column: "50,000 keys: last, ms", row: "etcd-web, scan()" },
  { says: "… memory at the peak, MiB", table: "list", column: "50,000 keys: peak, MiB", row: "etcd-web, scan()" },
  { says: "put to event, ms", table: "latency", column: "p50, ms" },
  { says: "live events: CPU, µs each", table: "live", column: "CPU, µs per event" },
  { says: "past events, each second", table: "catch-up", column: "transactions × 100: events/s" },
  { says: "1,000 watches: opened, ms", table: "opening", column: "at once, ms" },
  { says: "… connections", table: "watches", column: "connections of 1,000" },
  { says: "… memory, bytes each", table: "watches", column: "bytes, of 1,000" },
  { says: "… live again after a cut, ms", table: "reconnect", column: "all live again, ms" },
];

/** Who ours is compared with, and how a heading says it. */
const others = {
  "Connect stub": "to the bare stub",
  "JSON gateway": "to the JSON gateway",
  "JSON gateway, Envoy": "… behind Envoy",
  etcd3: "to etcd3",
  "etcd3, Envoy": "… behind Envoy",
};

/** A dozen figures and what they are of others; lines whose table is not there are left out. */
export function formatSummary(tables: Readonly<Record<string, Table>>): string {
  const body = lines.flatMap(({ says, table: name, column, row = "etcd-web" }) => {
    const table = tables[name];
    const samples = table ? samplesIn(table, row, column) : [];
    if (table === undefined || samples.length === 0) return [];
    const ratios = Object.keys(others).map((other) => ratioIn(table, row, column, other));
    const words = ratios.map((ratio) => (ratio === undefined ? "–" : formatRatio(ratio)));
    return [[says, formatFigure(median(samples)), ...words]];
  });
  return formatLines([["", "etcd-web", ...Object.values(others)], ...body]);
}
