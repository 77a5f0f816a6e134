import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import type { EtcdErrorCode } from "../../../src/index.ts";
import { scene } from "../support/watch-scene.ts";

const learner = new ConnectError("etcdserver: rpc not supported for learner", Code.FailedPrecondition);
const starting = new ConnectError("etcdserver: not capable", Code.Unavailable);
const nobody = new ConnectError("words of nobody", Code.Unknown);

test("a member that cannot serve a watch is tried again, and the watch ends when a minute has not helped", async () => {
  for (const [error, code] of [
    [learner, "failed-precondition"],
    [starting, "failed-precondition"],
    [nobody, "unknown"],
  ] as const) {
    const { server, platform, follow } = scene();
    const { got } = follow("a");
    await platform.pass(0);
    const started = platform.now();
    for (let i = 0; i < server.streams.length && got.length === 0; i++) {
      server.streams[i]?.end(error);
      await platform.pass(10_000);
    }
    expect(got, error.message).to.deep.equal([code]);
    expect(server.streams.length).to.be.within(6, 20);
    expect(platform.now() - started).to.be.within(60_000, 80_000);
    expect(platform.timers).to.equal(0);
  }
});

test("a read that a learner refuses is tried again", async () => {
  const { etcd, server, platform } = scene();
  server.readErrors.push(learner, starting);
  const watch = etcd.watch("a");
  const opened = watch.opened;
  await platform.pass(1_000);
  server.streams[0]?.send({ created: true, watchId: 1n });
  expect(await opened).to.equal(11n);
  await etcd.close();
});

test("a watch that the server ends with a status of its own goes on for a while, or ends, by what the status means", async () => {
  const table: [status: string, end: EtcdErrorCode | undefined][] = [
    ["FailedPrecondition", "failed-precondition"],
    ["OutOfRange", "invalid-argument"],
    ["Unimplemented", "unimplemented"],
    ["DataLoss", "corrupt"],
    ["ResourceExhausted", undefined],
    ["Aborted", undefined],
    ["Internal", undefined],
    ["DeadlineExceeded", undefined],
    ["Canceled", undefined],
    ["Unknown", undefined],
    ["constructor", undefined],
  ];
  for (const [status, end] of table) {
    const { etcd, server, platform, follow } = scene();
    const { got } = follow("a");
    await platform.pass(0);
    const cancelReason = `rpc error: code = ${status} desc = words of later`;
    server.streams[0]?.send({ created: true, canceled: true, watchId: -1n, cancelReason });
    await platform.pass(250);
    expect([got, server.streams.length], status).to.deep.equal(end === undefined ? [[], 2] : [[end], 1]);
    await etcd.close();
  }
});

test("a watch confirmed and ended again and again in words of nobody ends within two minutes", async () => {
  const { server, platform, follow } = scene();
  const { got } = follow("a");
  await platform.pass(0);
  const started = platform.now();
  for (let i = 0; i < server.streams.length && got.length === 0; i++) {
    server.streams[i]?.send({ created: true, watchId: 1n });
    server.streams[i]?.send({ canceled: true, watchId: 1n, cancelReason: "words of nobody" });
    await platform.pass(10_000);
  }
  expect(got).to.deep.equal(["unknown"]);
  expect(platform.now() - started).to.be.below(120_000);
});

test("a learner is left for another endpoint, once for all of its watches", async () => {
  let left = 0;
  const { server, platform, follow, held } = scene({ chooseEndpoint: () => ({ failed: () => void left++ }) });
  for (const key of ["a", "b"]) follow(key);
  await platform.pass(0);
  for (const watchId of [1n, 2n]) {
    server.streams[0]?.send({ created: true, canceled: true, watchId, cancelReason: "etcdserver: not capable" });
  }
  await platform.pass(250);
  expect(left).to.equal(1);
  server.streams[1]?.end(starting);
  await platform.pass(500);
  expect([left, held()[0]?.creates.length]).to.deep.equal([2, 2]);
});

test("a proxy that does not know Watch is left where there are other endpoints, and is an error where there are none", async () => {
  const unimplemented = new ConnectError("unknown service etcdserverpb.Watch", Code.Unimplemented);
  for (const [extras, expected] of [
    [{ severalEndpoints: true }, [[], 2]],
    [{}, [["unimplemented"], 1]],
  ] as const) {
    const { etcd, server, platform, follow } = scene(extras);
    const { got } = follow("a");
    await platform.pass(0);
    server.streams[0]?.end(unimplemented);
    await platform.pass(250);
    expect([got, server.streams.length]).to.deep.equal(expected);
    await etcd.close();
  }
});
