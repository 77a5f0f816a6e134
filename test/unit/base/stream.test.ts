import { test } from "node:test";
import { expect } from "chai";
import { linkSignals, untilAborted } from "../../../src/base/signals.ts";
import { Stream } from "../../../src/base/stream.ts";
import { reasonOf } from "../../contract/expectations.ts";

const done = { done: true, value: undefined };

test("Stream gives values in order, to reads before and after they come", async () => {
  const stream = new Stream<number>();
  const early = [stream.next(), stream.next()];
  for (const value of [1, 2, 3]) stream.push(value);
  stream.end();
  expect(await Promise.all(early)).to.deep.equal([1, 2].map((value) => ({ done: false, value })));
  expect([await stream.next(), await stream.next()]).to.deep.equal([{ done: false, value: 3 }, done]);
});

test("Stream gives its error once, after the values before it", async () => {
  const stream = new Stream<number>();
  stream.push(1);
  stream.end({ error: "over" });
  stream.push(2);
  expect(await stream.next()).to.deep.equal({ done: false, value: 1 });
  expect(await reasonOf(stream.next())).to.equal("over");
  expect(await stream.next()).to.deep.equal(done);
});

test("Stream, aborted, drops what was not read", async () => {
  const stream = new Stream<number>();
  stream.push(1);
  stream.abort({ error: "stop" });
  expect(await reasonOf(stream.next())).to.equal("stop");
});

test("Stream.return() ends pending reads at once and tells the source, once", async () => {
  let left = 0;
  const stream = new Stream<number>({ left: () => left++ });
  const pending = [stream.next(), stream.next()];
  await stream.return();
  await stream.return();
  expect(await Promise.all(pending)).to.deep.equal([done, done]);
  expect(left).to.equal(1);
});

test("Stream.return() after the end does not tell the source, and forgets an error not read", async () => {
  let left = 0;
  const stream = new Stream<number>({ left: () => left++ });
  stream.end({ error: "over" });
  await stream.return();
  expect([await stream.next(), left]).to.deep.equal([done, 0]);
});

test("Stream keeps order over many values, read while they come", async () => {
  const stream = new Stream<number>();
  const read: number[] = [];
  for (let i = 0; i < 10_000; i++) {
    stream.push(i);
    if (i % 3 !== 0) read.push((await stream.next()).value as number);
  }
  stream.end();
  for await (const value of stream) read.push(value);
  expect(read).to.deep.equal(Array.from({ length: 10_000 }, (_, i) => i));
});

test("linkSignals() aborts with the first reason, and unlinks", () => {
  const [a, b] = [new AbortController(), new AbortController()];
  const { signal, unlink } = linkSignals(a.signal, undefined, b.signal);
  b.abort("b");
  expect([signal.aborted, signal.reason]).to.deep.equal([true, "b"]);
  unlink();
  const unlinked = linkSignals(a.signal);
  unlinked.unlink();
  a.abort("a");
  expect(unlinked.signal.aborted).to.equal(false);
  expect(linkSignals(b.signal, a.signal).signal.reason).to.equal("b");
});

test("untilAborted() does not wait for a promise that never settles", async () => {
  const abort = new AbortController();
  const waiting = untilAborted(new Promise(() => {}), abort.signal);
  abort.abort("enough");
  expect(await reasonOf(waiting)).to.equal("enough");
  expect(await reasonOf(untilAborted(new Promise(() => {}), abort.signal))).to.equal("enough");
  expect(await untilAborted(Promise.resolve(1), new AbortController().signal)).to.equal(1);
});
