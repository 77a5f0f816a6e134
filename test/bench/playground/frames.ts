import { type Span, spansOf, type TraceEvent } from "./trace.ts";

/** What a trace has to hold for {@link readFrames}. */
export const frameCategories: readonly string[] = ["devtools.timeline", "input.scrolling"];

/** Milliseconds. */
export interface Frames {
  /** Of each frame: from the beginning of the first task that led to it until the page has drawn it. */
  readonly frame: readonly number[];
  /** From one frame on the screen to the next. */
  readonly apart: readonly number[];
  /** Of each key: from its press until a frame that knows of it is on the screen. */
  readonly key: readonly number[];
}

/** How long the frames of a trace took. */
export function readFrames(events: readonly TraceEvent[]): Frames {
  const shownAt = events
    .filter(({ name }) => name === "AnimationFrame::Presentation")
    .map(({ ts }) => ts / 1000)
    .sort((a, b) => a - b);
  return {
    frame: spansOf(events, "AnimationFrame").map(duration),
    apart: shownAt.slice(1).map((at, i) => at - (shownAt[i] ?? at)),
    key: spansOf(events, "EventLatency").filter(isKeyPress).map(duration),
  };
}

function duration({ start, end }: Span): number {
  return end - start;
}

function isKeyPress({ args }: Span): boolean {
  return (args.event_latency as { event_type?: string } | undefined)?.event_type === "KEY_PRESSED";
}
