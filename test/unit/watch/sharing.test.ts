import { test } from "node:test";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import { Watch as WatchService } from "../../../src/proto.ts";
import { rejection } from "../../contract/expectations.ts";
import { createFakePlatform, settle } from "../support/fake-platform.ts";
import { confirm, denied, event, lost, scene } from "../support/watch-scene.ts";

test("watches of one tick are one body, and one read pins their start", async () => {
  const { etcd, server, platform } = scene();
  const watches = ["a", "b", "c"].map((key) => etcd.watch(key));
  const opening = Promise.all(watches.map((watch) => watch.opened));
  await platform.pass(0);
  expect(server.streams.length).to.equal(1);
  expect(server.reads).to.equal(1);
  expect(server.streams[0]?.creates.map(({ watchId }) => watchId)).to.deep.equal([1n, 2n, 3n]);
  confirm(server.streams[0]);
  expect(await opening).to.deep.equal([11n, 11n, 11n]);
  await etcd.close();
});

test("each watch gets its own events; a server may number watches itself", async () => {
  const { server, platform, follow } = scene();
  const [a, b] = [follow("a"), follow("b")];
  await platform.pass(0);
  const [stream] = server.streams;
  for (const watchId of [0n, 7n]) stream?.send({ created: true, watchId });
  for (const [watchId, revision] of [
    [7n, 12n],
    [0n, 13n],
    [7n, 14n],
    [99n, 15n],
  ] as const) {
    stream?.send(event(watchId, revision));
  }
  await settle();
  expect([a.got, b.got]).to.deep.equal([[13n], [12n, 14n]]);
});

test("a refused create ends the watch whose turn it was, and no other", async () => {
  for (const watchId of [-1n, 0n, 1n]) {
    const { server, platform, follow } = scene();
    const [a, b, c] = [follow("a"), follow("b"), follow("c")];
    await platform.pass(0);
    const [stream] = server.streams;
    stream?.send({ created: true, watchId: 1n });
    stream?.send({ created: true, canceled: true, watchId, cancelReason: "etcdserver: permission denied" });
    stream?.send({ created: true, watchId: 3n });
    for (const id of [1n, 2n, 3n]) stream?.send(event(id, 11n));
    await settle();
    expect([a.got, b.got, c.got], String(watchId)).to.deep.equal([[11n], ["permission-denied"], [11n]]);
  }
});

test("where the common read is refused, each watch's own permission decides", async () => {
  const { etcd, server, platform } = scene();
  server.readErrors.push(denied);
  const [a, b] = [etcd.watch("a"), etcd.watch("b")];
  const refused = rejection(a.opened, "permission-denied");
  const opened = b.opened;
  await platform.pass(0);
  confirm(server.streams[0]);
  await refused;
  expect([await opened, server.reads]).to.deep.equal([11n, 2]);
  await etcd.close();
});

test("watches with other headers have a stream of their own", async () => {
  const { server, platform, follow } = scene();
  follow("a");
  follow("b", { startRevision: 11n, headers: { token: "other" } });
  follow("c", { startRevision: 11n, headers: { token: "other" } });
  await platform.pass(0);
  expect(server.streams.map(({ creates, headers }) => [creates.length, headers.get("token")])).to.deep.equal([
    [1, null],
    [2, "other"],
  ]);
});

test("a watch that begins when the connection falls idle opens, and so do those after it", async () => {
  const { etcd, server, platform, follow } = scene();
  const a = follow("a");
  await platform.pass(0);
  confirm(server.streams[0]);
  await settle();
  let begun: ReturnType<typeof follow> | undefined;
  etcd.connection.subscribe(() => {
    if (etcd.connection.state.state === "idle") begun ??= follow("b");
  });
  await a.watch.close();
  await platform.pass(0);
  confirm(server.streams[1]);
  await settle();
  follow("c");
  await platform.pass(0);
  expect(server.streams.map(({ creates }) => creates.length)).to.deep.equal([1, 1, 1]);
  await etcd.close();
  await settle();
  expect(begun?.got).to.deep.equal(["closed"]);
  expect([platform.timers, platform.sleepers]).to.deep.equal([0, 0]);
});

test("watches that come without a pause do not keep those before them from being opened", async () => {
  const { server, platform, follow, etcd } = scene();
  server.onRead = () => new Promise((resolve) => void platform.setTimeout(resolve, 30));
  const opened: Promise<bigint>[] = [];
  let answered = 0;
  for (let i = 0; i < 50; i++) {
    opened.push(follow(`k${i}`, {}).watch.opened);
    await platform.pass(10);
    for (; answered < server.streams.length; answered++) confirm(server.streams[answered]);
  }
  expect(await Promise.race([Promise.all(opened.slice(0, 30)), settle()])).to.have.length(30);
  await etcd.close();
  await Promise.allSettled(opened);
});

test("what refuses all watches that begin together refuses them at once, in as many tries as one", async () => {
  const { server, platform, follow } = scene({ rejectToken: () => {} });
  const stale = new ConnectError("etcdserver: invalid auth token", Code.Unauthenticated);
  server.readErrors.push(...Array<ConnectError>(20).fill(stale));
  const all = Array.from({ length: 8 }, (_, i) => follow(`k${i}`, {}));
  await platform.pass(40_000);
  expect(all.map(({ got }) => got)).to.deep.equal(all.map(() => ["unauthenticated"]));
});

test("all creates are sent where a transport sends and receives at once, and the server answers each as it comes", async () => {
  const platform = createFakePlatform();
  const transport = createRouterTransport(({ rpc }) => {
    rpc(WatchService.method.watch, async function* (requests, { signal }) {
      for await (const { requestUnion } of requests) {
        if (requestUnion.case === "createRequest") yield { created: true, watchId: requestUnion.value.watchId };
      }
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    });
  });
  await using etcd = createEtcdOn(platform, { transport });
  const watches = Array.from({ length: 20 }, (_, i) => etcd.watch(`${i}`, { startRevision: 11n }));
  const opened = Promise.all(watches.map((watch) => watch.opened));
  await platform.pass(1_000);
  expect(etcd.connection.state).to.deep.equal({ state: "live" });
  expect(await opened).to.deep.equal(Array(20).fill(11n));
});

test("watches that may not be read ask for one other token, not for one each", async () => {
  let renewals = 0;
  const { server, platform, follow } = scene({ rejectToken: () => void renewals++ });
  server.readErrors.push(...Array<ConnectError>(20).fill(denied));
  const all = Array.from({ length: 8 }, (_, i) => follow(`k${i}`, {}));
  const permitted = follow("permitted", { startRevision: 11n });
  await platform.pass(5_000);
  expect(all.map(({ got }) => got)).to.deep.equal(all.map(() => ["permission-denied"]));
  expect(server.reads).to.equal(9);
  confirm(server.streams.at(-1));
  expect(await permitted.watch.opened).to.equal(11n);
});

test("one is refused while the reader of the other leaves: nothing is tried again, and nothing says so", async () => {
  const { server, platform, follow, etcd } = scene();
  const [a, b] = [follow("a", {}), follow("b", {})];
  server.readErrors.push(denied, lost);
  server.onRead = () => void (server.reads === 2 && b.watch.close());
  await platform.pass(0);
  expect([a.got, b.got]).to.deep.equal([["permission-denied"], ["done"]]);
  expect(etcd.connection.state.state).to.equal("idle");
  expect(platform.timers).to.equal(0);
});

test("a caller's own hasleader is said once: etcd compares the first value, and takes no list", async () => {
  const { server, platform, follow } = scene();
  follow("a", { startRevision: 11n, headers: { hasleader: "true", "x-page": "1" } });
  await platform.pass(0);
  expect([...(server.streams[0]?.headers ?? [])]).to.deep.include.members([
    ["hasleader", "true"],
    ["x-page", "1"],
  ]);
});
