import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import type { Etcd, EtcdErrorCode, WatchOptions } from "../../../src/index.ts";
import { reasonOf, rejection, take } from "../../contract/expectations.ts";
import { createFakePlatform, type FakePlatform, settle } from "../support/fake-platform.ts";
import { type Response, type ScriptedEtcd, type ServerStream, scriptEtcd } from "../support/scripted-etcd.ts";

const lost = new ConnectError("etcdserver: server stopped", Code.Unavailable);
const created: Response = { created: true, watchId: 1n, header: { revision: 99n } };
const event = (modRevision: bigint): Response => ({
  watchId: 1n,
  header: { revision: 5000n },
  events: [{ kv: { key: Uint8Array.of(0x6b), createRevision: modRevision, modRevision } }],
});

interface Scene {
  readonly server: ScriptedEtcd;
  readonly platform: FakePlatform;
  readonly etcd: Etcd;
  /** The stream opened last, after `count` have been. */
  stream(count: number): Promise<ServerStream>;
}

function scene(options: { requireLeader?: boolean } = {}): Scene {
  const [server, platform] = [scriptEtcd(), createFakePlatform()];
  const etcd = createEtcdOn(platform, { transport: server.transport, ...options });
  return {
    server,
    platform,
    etcd,
    async stream(count) {
      await platform.pass(0);
      expect(server.streams.length).to.equal(count);
      return server.streams[count - 1] as ServerStream;
    },
  };
}

test("watch() from now on begins after the revision that a read gave, not after what created says", async () => {
  const { etcd, stream } = scene();
  const watch = etcd.watch("k");
  const opened = watch.opened;
  const first = await stream(1);
  expect(first.creates.map(({ startRevision }) => startRevision)).to.deep.equal([11n]);
  first.send(created);
  expect(await opened).to.equal(11n);
  first.send(event(11n));
  expect((await take(watch, 1))[0]?.kv.modRevision).to.equal(11n);
});

test("watch() asks for everything a resumable watch needs", async () => {
  const { etcd, stream } = scene();
  await using watch = etcd.watch({ prefix: "k" }, { prevKv: true, only: "delete" });
  void watch.opened.catch(() => {});
  const { creates, headers } = await stream(1);
  expect(creates[0]).to.deep.include({ prevKv: true, filters: [0], progressNotify: true, fragment: false });
  expect(headers.get("hasleader")).to.equal("true");
});

test("watch() does not ask for a leader where told not to, by client or call", async () => {
  for (const [client, call] of [[{ requireLeader: false }, {}] as const, [{}, { requireLeader: false }] as const]) {
    const { etcd, stream } = scene(client);
    await using watch = etcd.watch("k", call);
    void watch.opened.catch(() => {});
    expect((await stream(1)).headers.get("hasleader")).to.equal(null);
  }
});

test("watch() cut right after created goes on from its start", async () => {
  const { etcd, platform, stream } = scene();
  const watch = etcd.watch("k", { startRevision: 2n });
  const reading = take(watch, 1);
  const first = await stream(1);
  first.send(created);
  await settle();
  first.end(lost);
  await platform.pass(250);
  const second = await stream(2);
  expect(second.creates[0]?.startRevision).to.equal(2n);
  second.send(created);
  second.send(event(2n));
  expect((await reading)[0]?.kv.modRevision).to.equal(2n);
});

test("watch() cut while catching up goes on after the last event, not after the header", async () => {
  const { etcd, platform, stream } = scene();
  const reading = take(etcd.watch("k", { startRevision: 2n }), 3);
  const first = await stream(1);
  first.send(created);
  first.send(event(2n));
  first.send({ ...event(3n), fragment: true });
  await settle();
  first.end(lost);
  await platform.pass(250);
  const second = await stream(2);
  expect(second.creates[0]?.startRevision).to.equal(3n);
  second.send(created);
  second.send(event(3n));
  second.send(event(4n));
  expect((await reading).map(({ kv }) => kv.modRevision)).to.deep.equal([2n, 3n, 4n]);
});

test("watch() whose stream ends in any passing way opens another", async () => {
  const ends: (ConnectError | undefined)[] = [
    undefined, // a server that stops: status OK
    new ConnectError("words of nobody", Code.Unknown),
    new ConnectError("missing trailer", Code.Unknown),
    new ConnectError("protocol error: incomplete envelope", Code.InvalidArgument),
    new ConnectError("etcdserver: no leader", Code.Unavailable),
    new ConnectError("etcdserver: watch canceled", Code.Canceled),
    new ConnectError("etcdserver: server stopped", Code.Unavailable),
    new ConnectError("context canceled", Code.Canceled),
    new ConnectError("stream reset", Code.Internal),
  ];
  for (const end of ends) {
    const { etcd, platform, stream } = scene();
    await using watch = etcd.watch("k");
    void watch.opened;
    const first = await stream(1);
    first.send(created);
    await settle();
    first.end(end);
    await platform.pass(10_000);
    await stream(2);
  }
});

test("watch() that the server ends for good rejects, and stays ended", async () => {
  const rpc = (status: string, words: string): string => `rpc error: code = ${status} desc = ${words}`;
  const table: [Response, EtcdErrorCode, string | undefined][] = [
    [
      { watchId: 1n, canceled: true, compactRevision: 50n },
      "compacted",
      "etcdserver: mvcc: required revision has been compacted",
    ],
    [
      refused(rpc("PermissionDenied", "etcdserver: permission denied")),
      "permission-denied",
      "etcdserver: permission denied",
    ],
    [
      refused(rpc("Unauthenticated", "etcdserver: invalid auth token")),
      "unauthenticated",
      "etcdserver: invalid auth token",
    ],
    [
      refused(rpc("InvalidArgument", "etcdserver: user name is empty")),
      "unauthenticated",
      "etcdserver: user name is empty",
    ],
    [refused(rpc("PermissionDenied", "words of later")), "permission-denied", "words of later"],
    [
      refused("etcdserver: mvcc: required revision has been compacted"),
      "compacted",
      "etcdserver: mvcc: required revision has been compacted",
    ],
    [refused("mvcc: watcher range is empty"), "invalid-argument", "mvcc: watcher range is empty"],
    [refused(""), "failed-precondition", undefined],
  ];
  for (const [response, code, reason] of table) {
    const { etcd, platform, server, stream } = scene();
    const watch = etcd.watch("k");
    const opened = watch.opened;
    const first = await stream(1);
    if (!response.created) first.send(created);
    first.send(response);
    const error = await rejection(take(watch, 1), code);
    expect([error.reason, error.compactRevision]).to.deep.equal([reason, response.compactRevision || undefined]);
    if (response.created) expect(await reasonOf(opened)).to.equal(error);
    await platform.pass(60_000);
    expect([server.streams.length, platform.timers, first.left.aborted]).to.deep.equal([1, 0, true]);
    expect(await take(watch, 1).catch((again: unknown) => again)).to.be.instanceOf(TypeError);
  }
});

test("watch() without an end from the server tells its reader what came before the error", async () => {
  const { etcd, stream } = scene();
  const watch = etcd.watch("k");
  void watch.opened;
  const first = await stream(1);
  for (const response of [created, event(11n), { watchId: 1n, canceled: true, compactRevision: 50n }])
    first.send(response);
  await settle();
  const reader = watch[Symbol.asyncIterator]();
  expect((await reader.next()).value?.kv.modRevision).to.equal(11n);
  await rejection(reader.next(), "compacted");
  expect(await reader.next()).to.deep.equal({ done: true, value: undefined });
});

test("watch() waits longer after each failure, and shows why and until when in connection", async () => {
  const { etcd, platform, server, stream } = scene();
  await using watch = etcd.watch("k");
  void watch.opened;
  const waits = [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000];
  for (const [i, ms] of waits.entries()) {
    (await stream(i + 1)).end(lost);
    await settle();
    const { state } = etcd.connection;
    expect(state).to.deep.include({ state: "reconnecting", attempt: i + 1 });
    if (state.state === "reconnecting") expect(state.reason.code).to.equal("unavailable");
    await platform.pass(ms - 1);
    expect(server.streams.length).to.equal(i + 1);
    await platform.pass(1);
  }
  (await stream(waits.length + 1)).send(created);
  await settle();
  expect(etcd.connection.state).to.deep.equal({ state: "live" });
});

test("watch() begins again with short waits only after a stream that was stable", async () => {
  const { etcd, platform, stream } = scene();
  await using watch = etcd.watch("k");
  void watch.opened;
  const attemptAfter = async (streams: number, livedMs: number): Promise<number> => {
    const open = await stream(streams);
    open.send(created);
    await platform.pass(livedMs);
    open.end(lost);
    await settle();
    const { state } = etcd.connection;
    const attempt = state.state === "reconnecting" ? state.attempt : 0;
    await platform.pass(250 * 2 ** (attempt - 1));
    return attempt;
  };
  expect([await attemptAfter(1, 0), await attemptAfter(2, 9_999), await attemptAfter(3, 10_000)]).to.deep.equal([
    1, 2, 1,
  ]);
});

test("watch() tries the read that pins its start again, and keeps the start it found", async () => {
  const { etcd, platform, server, stream } = scene();
  server.readErrors.push(lost, new ConnectError("etcdserver: leader changed", Code.Unavailable));
  await using watch = etcd.watch("k");
  void watch.opened;
  await platform.pass(250);
  await platform.pass(500);
  const first = await stream(1);
  expect(first.creates[0]?.startRevision).to.equal(11n);
  server.revision = 20n;
  first.end(lost);
  await platform.pass(1000);
  expect((await stream(2)).creates[0]?.startRevision).to.equal(11n);
});

test("watch() that may not read at all rejects", async () => {
  const { etcd, server, platform } = scene();
  server.readErrors.push(new ConnectError("etcdserver: permission denied", Code.PermissionDenied));
  const watch = etcd.watch("k");
  const opening = rejection(watch.opened, "permission-denied");
  await platform.pass(0);
  const error = await opening;
  expect(await reasonOf(take(watch, 1))).to.equal(error);
});

test("watch() goes on after a bookmark from the revision after it", async () => {
  const { etcd, platform, stream } = scene();
  await using watch = etcd.watch("k");
  void watch.opened;
  const first = await stream(1);
  for (const response of [created, { watchId: 1n, header: { revision: 500n } }]) first.send(response);
  await settle();
  first.end(lost);
  await platform.pass(250);
  expect((await stream(2)).creates[0]?.startRevision).to.equal(501n);
});

test("watch() that does not open within timeoutMs is timeout; one that does has no limit", async () => {
  const { etcd, platform, stream } = scene();
  const late = etcd.watch("k", { timeoutMs: 1000 });
  const opening = late.opened;
  const first = await stream(1);
  await platform.pass(1000);
  await rejection(opening, "timeout");
  expect(first.left.aborted).to.equal(true);
  const inTime: WatchOptions = { timeoutMs: 1000 };
  await using watch = etcd.watch("k", inTime);
  void watch.opened;
  const second = await stream(2);
  second.send(created);
  await platform.pass(100_000);
  second.send(event(11n));
  expect((await take(watch, 1)).length).to.equal(1);
});

test("watch() leaves nothing behind: no timer, no listener on a long-lived signal, no stream", async () => {
  const { etcd, platform, stream } = scene();
  const abort = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = AbortSignal.prototype;
  Object.assign(abort.signal, {
    addEventListener: (...call: Parameters<typeof addEventListener>) => {
      listeners++;
      addEventListener.apply(abort.signal, call);
    },
    removeEventListener: (...call: Parameters<typeof removeEventListener>) => {
      listeners--;
      removeEventListener.apply(abort.signal, call);
    },
  });
  for (let i = 1; i <= 3; i++) {
    const watch = etcd.watch("k", { signal: abort.signal, timeoutMs: 1000 });
    void watch.opened;
    const open = await stream(i);
    open.send(created);
    await settle();
    await watch.close();
    await settle();
    expect([open.left.aborted, platform.timers, listeners]).to.deep.equal([true, 0, 0]);
  }
});

test("watch() aborted while it waits to try again rejects at once", async () => {
  const { etcd, platform, stream } = scene();
  const abort = new AbortController();
  const reading = take(etcd.watch("k", { signal: abort.signal }), 1);
  (await stream(1)).end(lost);
  await settle();
  expect(platform.timers).to.be.greaterThan(0);
  abort.abort("enough");
  expect(await reasonOf(reading)).to.equal("enough");
  await settle();
  expect(platform.timers).to.equal(0);
});

function refused(cancelReason: string): Response {
  return { created: true, canceled: true, watchId: -1n, cancelReason };
}
