import type { CDPSession } from "puppeteer-core";

/** An event of a browser's trace, as far as it is read here. */
export interface TraceEvent {
  readonly name: string;
  /** `b` and `e`: begin and end of what lasts. */
  readonly ph: string;
  readonly pid: number;
  /** Microseconds, on the machine's clock. */
  readonly ts: number;
  /** What lasts has the same at its begin and its end. */
  readonly id2?: { readonly local?: string };
  readonly args?: Readonly<Record<string, unknown>>;
}

/** Something that lasted, in milliseconds on the machine's clock. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Records what the browser does while something runs. */
export async function record(
  devtools: CDPSession,
  includedCategories: readonly string[],
  run: () => Promise<void>,
): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  const keep = ({ value }: { value: readonly object[] }): void => {
    for (const event of value) events.push(event as TraceEvent);
  };
  devtools.on("Tracing.dataCollected", keep);
  const traceConfig = { includedCategories: [...includedCategories], excludedCategories: ["*"] };
  await devtools.send("Tracing.start", { transferMode: "ReportEvents", traceConfig });
  try {
    await run();
  } finally {
    const complete = new Promise<void>((resolve) => devtools.once("Tracing.tracingComplete", () => resolve()));
    await devtools.send("Tracing.end");
    await complete;
    devtools.off("Tracing.dataCollected", keep);
  }
  return events;
}

/** What of this name began and ended within the trace, in the order of beginning. */
export function spansOf(events: readonly TraceEvent[], name: string): Span[] {
  const begun = new Map<string, TraceEvent>();
  const spans: Span[] = [];
  for (const event of events.filter((each) => each.name === name).toSorted((a, b) => a.ts - b.ts)) {
    const id = `${event.pid} ${event.id2?.local}`;
    const begin = begun.get(id);
    if (event.ph === "b") begun.set(id, event);
    else if (event.ph === "e" && begin !== undefined) {
      begun.delete(id);
      spans.push({ start: begin.ts / 1000, end: event.ts / 1000, args: begin.args ?? {} });
    }
  }
  return spans.sort((a, b) => a.start - b.start);
}
