import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import { EtcdError, isEtcdError } from "../../../src/index.ts";
import { KV } from "../../../src/proto.ts";
import { rejection } from "../../contract/expectations.ts";
import { settle } from "../support/fake-platform.ts";
import { type EndpointsScene, endpointsScene, lost, unavailable } from "../support/scripted-endpoints.ts";

const leaderChanged = unavailable("etcdserver: leader changed");
const timedOut = unavailable("etcdserver: request timed out");
const notReached = ConnectError.from(new EtcdError("not-grpc-web", "a page"));

/** A scene in which every endpoint has answered once. */
async function proven(count: number): Promise<EndpointsScene> {
  const scene = endpointsScene(count);
  for (const url of scene.endpoints.urls) await scene.endpoints.at(url).unary(...aRead);
  (scene.calls as unknown[]).length = 0;
  return scene;
}
const aRead = [KV.method.range, undefined, 0, undefined, {}] as const;

test("a read is repeated after what may pass, with waits that grow to a second", async () => {
  const scene = await proven(1);
  const { platform, scripted, calls } = scene;
  scripted[0]?.reads.push(leaderChanged, timedOut, lost(), leaderChanged, lost(), lost(), lost(), lost());
  const reading = scene.read();
  await platform.pass(5_000);
  await reading;
  const at = calls.map((call) => call.at);
  expect(at.slice(1).map((each, index) => each - (at[index] ?? 0))).to.deep.equal([
    25, 50, 100, 200, 400, 800, 1_000, 1_000,
  ]);
  expect(platform.timers).to.equal(0);
});

test("a read is not repeated after what will not pass", async () => {
  for (const error of [
    new ConnectError("etcdserver: permission denied", Code.PermissionDenied),
    new ConnectError("etcdserver: mvcc: required revision has been compacted", Code.OutOfRange),
    new ConnectError("etcdserver: too many requests", Code.ResourceExhausted),
    new ConnectError("etcdserver: rpc not supported for learner", Code.FailedPrecondition),
    notReached,
  ]) {
    const scene = await proven(1);
    scene.scripted[0]?.reads.push(error);
    const reading = scene.read().catch(() => "failed");
    await scene.platform.pass(60_000);
    expect(await reading).to.equal("failed");
    expect(scene.sent()).to.deep.equal(["0 read"]);
  }
});

test("a read that is to be made once is", async () => {
  const scene = await proven(2);
  scene.scripted[0]?.reads.push(lost());
  await rejection(scene.read({ once: true }), "unavailable");
  expect(scene.sent()).to.deep.equal(["0 read"]);
});

test("timeoutMs covers all attempts, and what came last is the error", async () => {
  const scene = await proven(1);
  const [endpoint] = scene.scripted;
  if (endpoint) endpoint.fate = lost();
  const reading = rejection(scene.read({ timeoutMs: 3_000 }), "unavailable");
  await scene.platform.pass(3_000);
  await reading;
  expect(scene.calls.length).to.equal(8);
  expect(scene.calls.at(-1)?.at).to.equal(2_575);

  if (endpoint) endpoint.fate = "silence";
  const silent = rejection(scene.read({ timeoutMs: 3_000 }), "timeout");
  await scene.platform.pass(2_999);
  const early = await Promise.race([silent, Promise.resolve("pending")]);
  expect(early).to.equal("pending");
  await scene.platform.pass(1);
  expect((await silent).message).to.equal("KV.Range: no answer within timeoutMs");
  expect(scene.platform.timers).to.equal(0);
});

test("a read gives up after ten attempts where nobody has ever answered, after a hundred elsewhere", async () => {
  const stranger = endpointsScene(1);
  const known = await proven(1);
  for (const [scene, attempts] of [
    [stranger, 10],
    [known, 100],
  ] as const) {
    const [endpoint] = scene.scripted;
    if (endpoint) endpoint.fate = lost();
    const reading = rejection(scene.read({ timeoutMs: 1_000_000 }), "unavailable");
    await scene.platform.pass(1_000_000);
    await reading;
    expect(scene.calls.length).to.equal(attempts);
  }
});

test("with three endpoints the next one is asked at once, and the one that failed is left alone", async () => {
  for (const error of [lost(), unavailable("etcdserver: no leader"), notReached]) {
    const scene = await proven(3);
    scene.scripted[0]?.reads.push(error);
    await scene.read();
    await scene.read();
    await scene.write();
    expect(scene.sent()).to.deep.equal(["0 read", "1 read", "1 read", "1 write"]);
    expect(scene.platform.now()).to.equal(1_000);
  }
});

test("a learner is left for a member that votes", async () => {
  const scene = await proven(2);
  const learner = new ConnectError("etcdserver: rpc not supported for learner", Code.FailedPrecondition);
  scene.scripted[0]?.reads.push(learner);
  scene.scripted[0]?.writes.push(learner);
  await scene.read();
  scene.endpoints.choose().failed();
  await scene.platform.pass(1_000);
  await scene.write();
  expect(scene.sent()).to.deep.equal(["0 read", "1 read", "0 read", "0 write", "1 read", "1 write"]);
});

test("where all fail, waits come between the rounds", async () => {
  const scene = await proven(3);
  for (const endpoint of scene.scripted) endpoint.fate = lost();
  const reading = scene.read({ timeoutMs: 500 }).catch(() => {});
  await scene.platform.pass(500);
  await reading;
  expect(scene.calls.slice(0, 5).map(({ what, at }) => `${what} at ${at}`)).to.deep.equal([
    "0 read at 0",
    "1 read at 0",
    "2 read at 0",
    "0 read at 100",
    "1 read at 300",
  ]);
});

test("a read that meets silence leaves half of its time to the next endpoint", async () => {
  const scene = await proven(3);
  scene.scripted[0]?.reads.push("silence");
  scene.scripted[1]?.reads.push("silence");
  const reading = scene.read();
  await scene.platform.pass(8_000);
  await reading;
  expect(scene.calls.map(({ what, at }) => `${what} at ${at}`)).to.deep.equal([
    "0 read at 0",
    "1 read at 5000",
    "2 read at 7500",
  ]);
});

test("a write is sent to an endpoint that has answered; another is asked first, once for all that wait", async () => {
  const scene = endpointsScene(1);
  await Promise.all([scene.write(), scene.write(), scene.write()]);
  await scene.write();
  expect(scene.sent()).to.deep.equal(["0 read", "0 write", "0 write", "0 write", "0 write"]);
});

test("who sends other headers asks for itself: what stands before an endpoint may let some in, and others not", async () => {
  const scene = endpointsScene(1);
  scene.scripted[0]?.reads.push(notReached);
  const put = (authorization: string): Promise<unknown> =>
    scene.caller.write(KV.method.put, {}, { headers: { authorization } });
  const outcomes = await Promise.allSettled([put("expired"), put("good"), put("good")]);
  expect(outcomes.map(({ status }) => status)).to.deep.equal(["rejected", "fulfilled", "fulfilled"]);
  expect(scene.sent()).to.deep.equal(["0 read", "0 read", "0 write", "0 write"]);
});

test("a refusal of the probe is an answer", async () => {
  const scene = endpointsScene(1);
  scene.scripted[0]?.reads.push(new ConnectError("etcdserver: user name is empty", Code.InvalidArgument));
  await scene.write();
  expect(scene.sent()).to.deep.equal(["0 read", "0 write"]);
});

test("a write goes to the first endpoint that answers the probe, and has not run where none does", async () => {
  const scene = endpointsScene(3);
  scene.scripted[0]?.reads.push(lost());
  scene.scripted[1]?.reads.push("silence");
  const writing = scene.write();
  await scene.platform.pass(5_000);
  await writing;
  expect(scene.sent()).to.deep.equal(["0 read", "1 read", "2 read", "2 write"]);

  const alone = endpointsScene(2);
  for (const endpoint of alone.scripted) endpoint.fate = lost();
  const failing = rejection(alone.write(), "unavailable");
  await alone.platform.pass(10_000);
  expect((await failing).mayHaveRun).to.equal(false);
  expect(alone.sent()).to.not.include("0 write");
});

test("a write that may have run is not repeated, and its endpoint is asked before the next one", async () => {
  for (const error of [lost(), timedOut, unavailable("etcdserver: server stopped")]) {
    const scene = await proven(1);
    scene.scripted[0]?.writes.push(error);
    expect((await rejection(scene.write(), "unavailable")).mayHaveRun).to.equal(true);
    await scene.write();
    expect(scene.sent()).to.deep.equal(["0 write", "0 read", "0 write"]);
  }
});

test("a write that met silence is a timeout when its whole time is over, and may have run", async () => {
  const scene = await proven(3);
  scene.scripted[0]?.writes.push("silence");
  const writing = rejection(scene.write(), "timeout");
  await scene.platform.pass(10_000);
  expect((await writing).mayHaveRun).to.equal(true);
  await scene.write();
  expect(scene.sent()).to.deep.equal(["0 write", "1 write"]);
});

test("a write is repeated after what proves that it never ran", async () => {
  for (const words of [
    "etcdserver: no leader",
    "etcdserver: leader changed",
    "raft proposal dropped",
    "rpc error: code = Unavailable desc = etcdserver: leader changed",
    "no healthy upstream",
    "upstream connect error or disconnect/reset before headers. reset reason: overflow",
  ]) {
    const scene = await proven(2);
    scene.scripted[0]?.writes.push(new ConnectError(words, Code.Unknown));
    await scene.write();
    expect(scene.sent(), words).to.deep.equal(["0 write", "1 write"]);
  }
});

test("a write that the proxy had repeated itself is not repeated: its earlier tries may have run", async () => {
  for (const reset of ["remote connection failure, transport failure reason: delayed connect error", "overflow"]) {
    const scene = await proven(2);
    const words = `upstream connect error or disconnect/reset before headers. retried and the latest reset reason: ${reset}`;
    scene.scripted[0]?.writes.push(new ConnectError(words, Code.Unavailable));
    expect((await rejection(scene.write(), "unavailable")).mayHaveRun, reset).to.equal(true);
    expect(scene.sent(), reset).to.deep.equal(["0 write"]);
  }
});

test("an abort ends a call in the middle of a wait, and leaves nothing behind", async () => {
  const scene = await proven(1);
  const [endpoint] = scene.scripted;
  if (endpoint) endpoint.fate = lost();
  const abort = new AbortController();
  const reading = rejection(scene.read({ signal: abort.signal }), "aborted");
  await scene.platform.pass(100);
  abort.abort();
  await reading;
  const closed = rejection(scene.read(), "closed");
  await scene.platform.pass(10);
  scene.close();
  await closed;
  await rejection(scene.write(), "closed");
  expect(scene.platform.timers).to.equal(0);
});

for (const reason of [new Error("enough"), new EtcdError("lease-lost", "The lock is lost")]) {
  test(`a write on its way when its signal aborts with ${reason.name} may have run`, async () => {
    const scene = await proven(1);
    for (const scripted of scene.scripted) scripted.fate = "silence";
    const abort = new AbortController();
    const writing = rejection(scene.write({ signal: abort.signal }), isEtcdError(reason) ? reason.code : "aborted");
    await settle();
    abort.abort(reason);
    expect((await writing).mayHaveRun).to.equal(true);
  });
}

test("who leaves a shared probe does not end it for the others", async () => {
  const scene = endpointsScene(1);
  const abort = new AbortController();
  const leaves = rejection(scene.write({ signal: abort.signal }), "aborted");
  const stays = scene.write();
  abort.abort();
  expect((await leaves).mayHaveRun).to.equal(false);
  await stays;
  expect(scene.sent()).to.deep.equal(["0 read", "0 write"]);
});

test("at() reaches one endpoint, and says which there are", async () => {
  const scene = await proven(2);
  await scene.endpoints.at("https://1.example").unary(...aRead);
  expect(scene.sent()).to.deep.equal(["1 read"]);
  expect(() => scene.endpoints.at("https://9.example")).to.throw("https://0.example, https://1.example");
  await settle();
});

test("who leaves a call by a time-out of their own says nothing of the endpoints", async () => {
  const scene = await proven(3);
  for (const scripted of scene.scripted) scripted.fate = "silence";
  const leaving = new AbortController();
  const reading = rejection(scene.read({ signal: leaving.signal }), "timeout");
  await scene.platform.pass(10);
  leaving.abort(new DOMException("too slow", "TimeoutError"));
  await reading;
  await scene.platform.pass(60_000);
  expect(scene.sent()).to.deep.equal(["0 read"]);
  expect(scene.endpoints.choose().isProven).to.equal(true);
  expect(scene.endpoints.choose().isResting).to.equal(false);
});
