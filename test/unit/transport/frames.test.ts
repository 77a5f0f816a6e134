import { test } from "node:test";
import { expect } from "chai";
import { Frames } from "../../../src/transport/frames.ts";
import { frame } from "../support/odd-server.ts";

const messages = [
  Uint8Array.of(1, 2, 3),
  new Uint8Array(),
  Uint8Array.from({ length: 300 }, (_, i) => i % 256),
  Uint8Array.of(0, 0, 0, 0, 0),
];
const trailers = frame(0x80, "grpc-status: 0\r\n");
const body = Buffer.concat([...messages.map((each) => frame(0, each)), trailers]);

test("Frames finds the same messages, and leaves the same rest, in chunks of whatever size", () => {
  for (let size = 1; size <= body.length; size++) {
    const frames = new Frames();
    const found: Uint8Array[] = [];
    let next: Uint8Array | null | undefined;
    for (let at = 0; at < body.length; at += size) {
      frames.add(body.subarray(at, at + size));
      for (next = frames.next(); next; next = frames.next()) found.push(Uint8Array.from(next));
    }
    expect(found, String(size)).to.deep.equal(messages);
    expect(next).to.equal(null);
    expect(Buffer.from(frames.rest() ?? []), String(size)).to.deep.equal(trailers);
    expect(frames.rest()).to.equal(undefined);
  }
});

test("Frames leaves everything from the first frame on that is no plain message", () => {
  for (const flag of [0x80, 0x01, 0x81]) {
    const frames = new Frames();
    const rest = Buffer.concat([frame(flag, "x"), frame(0, "y")]);
    frames.add(Buffer.concat([frame(0, "a"), rest]));
    expect(Buffer.from(frames.next() ?? []).toString()).to.equal("a");
    expect([frames.next(), frames.next()]).to.deep.equal([null, null]);
    expect(Buffer.from(frames.rest() ?? [])).to.deep.equal(rest);
  }
});

test("Frames copies a large message once, however many chunks it comes in", (t) => {
  const large = frame(0, new Uint8Array(4_000_000));
  const frames = new Frames();
  const set = t.mock.method(Uint8Array.prototype, "set");
  for (let at = 0; at < large.length; at += 1000) {
    expect(frames.next()).to.equal(undefined);
    frames.add(large.subarray(at, at + 1000));
  }
  const copied = set.mock.calls.reduce((sum, { arguments: [from] }) => sum + (from as Uint8Array).length, 0);
  set.mock.restore();
  expect(frames.next()?.length).to.equal(4_000_000);
  expect(copied).to.be.within(1, large.length + 1000);
});
