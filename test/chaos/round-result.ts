import type { EtcdVersion } from "../fixtures/versions.ts";
import { auditHistory } from "./account.ts";
import { checkWatch } from "./checker.ts";
import type { FaultKind } from "./faults.ts";
import type { FleetSize } from "./fleet.ts";
import type { History } from "./history.ts";
import type { ProxyKind } from "./proxy.ts";
import type { WatchRecord } from "./watch-record.ts";
import type { WriteLog } from "./writes.ts";

/** What a round does, and how much of it. The same bounds and seed make the same plan, in a time of its own. */
export interface RoundOptions extends FleetSize {
  readonly version: EtcdVersion;
  readonly proxy: ProxyKind;
  readonly seed: string;
  readonly faults: number;
  readonly clients: number;
  readonly writers: number;
  /** Between two writes of a writer, on average. */
  readonly pauseMs: number;
  /** Told of each fault as it strikes. */
  readonly progress?: (line: string) => void;
}

/** What came of a round. */
export interface RoundResult {
  readonly options: RoundOptions;
  readonly faults: ReadonlyMap<FaultKind, number>;
  /** Watches that owed an event of a single acknowledged write, summed over the moments the faults struck. */
  readonly inFlight: number;
  /** How often the clients that watch had to sign in. */
  readonly signIns: number;
  readonly revisions: bigint;
  readonly compactions: number;
  readonly writes: Readonly<Record<"acknowledged" | "lost" | "refused", number>>;
  readonly watches: WatchFigures;
  readonly violations: readonly string[];
  /** Of the watches that broke a promise: all that they gave. */
  readonly evidence: readonly WatchRecord[];
  readonly seconds: number;
}

/** Of all watches of a round. */
export interface WatchFigures {
  readonly opened: number;
  readonly compacted: number;
  readonly events: number;
  readonly bookmarks: number;
}

/** All that a round has left behind, not yet judged. */
interface Played extends Pick<RoundResult, "options" | "faults" | "inFlight" | "signIns" | "compactions" | "seconds"> {
  readonly log: WriteLog;
  readonly history: History;
  readonly records: readonly WatchRecord[];
  readonly leftovers: readonly string[];
}

/** Holds everything that happened against everything that was promised. */
export function judge({ log, history, records, leftovers, ...played }: Played): RoundResult {
  const findings = records.flatMap((record) => checkWatch(history, record));
  const broken = new Set(findings.map(({ watch }) => watch));
  return {
    ...played,
    revisions: history.last,
    writes: { acknowledged: log.count("acknowledged"), lost: log.count("lost"), refused: log.count("refused") },
    watches: figuresOf(records),
    violations: [...auditHistory(history, log.writes), ...findings.map(({ says }) => says), ...leftovers],
    evidence: records.filter(({ name }) => broken.has(name)),
  };
}

function figuresOf(records: readonly WatchRecord[]): WatchFigures {
  const deliveries = records.flatMap((record) => record.deliveries);
  return {
    opened: records.length,
    compacted: records.filter(({ end }) => end.kind === "compacted").length,
    events: deliveries.reduce((sum, { events }) => sum + events.length, 0),
    bookmarks: deliveries.filter(({ events }) => events.length === 0).length,
  };
}
