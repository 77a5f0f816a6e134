import { test } from "node:test";
import { expect } from "chai";
import { readFrames } from "../../bench/playground/frames.ts";
import { growth } from "../../bench/playground/growth.ts";
import { readLoad } from "../../bench/playground/load.ts";
import type { TraceEvent } from "../../bench/playground/trace.ts";

test("a load begins with the page's navigation, and not with that of a frame in it", () => {
  const events = [
    moment("navigationStart", 900_000, "blank"),
    moment("navigationStart", 1_000_000, "page"),
    moment("navigationStart", 1_200_000, "frame"),
    moment("firstContentfulPaint", 1_250_000, "page"),
    moment("first use", 1_500_000, "page"),
  ];
  expect(readLoad(events)).to.deep.equal({ firstContent: 250, firstUse: 500 });
});

test("a load without its first content is none", () => {
  const events = [moment("navigationStart", 0, "page"), moment("first use", 1, "page")];
  expect(() => readLoad(events)).to.throw('"firstContentfulPaint" 0 times');
});

test("a frame lasts from begin to end, whatever else has the same number, in whatever order it was told", () => {
  const events = [
    ...span("AnimationFrame", 7, 100, 117),
    ...span("AnimationFrame", 7, 50, 58).reverse(),
    ...span("PipelineReporter", 7, 0, 200),
    begin("AnimationFrame", 8, 300), // the trace ended within it
  ];
  expect(readFrames(events).frame).to.deep.equal([8, 17]);
});

test("frames are as far apart as they were shown; keys take until they are", () => {
  const shown = [130, 100, 116].map((ms) => ({ name: "AnimationFrame::Presentation", ph: "n", pid: 1, ts: ms * 1000 }));
  const pressed = { event_latency: { event_type: "KEY_PRESSED" } };
  const released = { event_latency: { event_type: "KEY_RELEASED" } };
  const { apart, key } = readFrames([
    ...shown,
    ...span("EventLatency", 1, 0, 30, pressed),
    ...span("EventLatency", 2, 40, 41, released),
  ]);
  expect(apart).to.deep.equal([16, 14]);
  expect(key).to.deep.equal([30]);
});

test("growth is the slope of the nearest line", () => {
  expect(growth([1, 3, 5, 7])).to.equal(2);
  expect(growth([5, 7, 5, 7, 5])).to.equal(0);
});

function moment(name: string, ts: number, navigationId: string): TraceEvent {
  return { name, ph: "R", pid: 1, ts, args: { data: { navigationId } } };
}

function begin(name: string, id: number, ms: number, args: TraceEvent["args"] = {}): TraceEvent {
  return { name, ph: "b", pid: 1, ts: ms * 1000, id2: { local: `0x${id}` }, args };
}

function span(name: string, id: number, from: number, to: number, args: TraceEvent["args"] = {}): TraceEvent[] {
  return [begin(name, id, from, args), { name, ph: "e", pid: 1, ts: to * 1000, id2: { local: `0x${id}` } }];
}
