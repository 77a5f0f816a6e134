import { test } from "node:test";
import type { Transport } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import { createEdgeConfig, type EdgeConfig, type EdgeConfigOptions } from "../../../src/edge-config/index.ts";
import type { Etcd } from "../../../src/index.ts";
import { reasonOf } from "../../contract/expectations.ts";
import type { FakePlatform } from "../support/fake-platform.ts";
import { liveScene } from "../support/live-scene.ts";

/** A reader over an etcd in memory, whose calls are counted and can be made to fail or to hang. */
interface Scene {
  readonly platform: FakePlatform;
  readonly etcd: Etcd;
  readonly config: EdgeConfig;
  calls: number;
  fault: Code | "hang" | undefined;
  /** Answers wait for it. */
  held: Promise<void> | undefined;
}

function scene(options: EdgeConfigOptions = {}): Scene {
  const { platform, memory, etcd } = liveScene();
  const { unary, stream } = memory.transport;
  const counted: Transport = {
    async unary(...call) {
      self.calls++;
      if (self.fault === "hang") return await new Promise(() => {});
      if (self.fault !== undefined) throw new ConnectError("told to fail", self.fault);
      const answer = await unary.apply(memory.transport, call as never);
      await self.held;
      return answer as never;
    },
    stream: (...call) => stream.apply(memory.transport, call as never) as never,
  };
  const client = createEtcdOn(platform, { transport: counted, timeoutMs: 1_000 });
  const config = createEdgeConfig(client.namespace("config/"), { all: true }, options);
  const self: Scene = { platform, etcd, config, calls: 0, fault: undefined, held: undefined };
  return self;
}

/** The answer, the calls that it took, and the milliseconds. */
async function asked<T>(of: Scene, ask: () => Promise<T>): Promise<[T | unknown, number, number]> {
  const [calls, begun] = [of.calls, of.platform.now()];
  const answer = reasonOfOr(ask());
  let settled = false;
  void answer.then(() => {
    settled = true;
  });
  await of.platform.pass(0);
  while (!settled) await of.platform.pass(50);
  return [await answer, of.calls - calls, of.platform.now() - begun];
}

const reasonOfOr = <T>(promise: Promise<T>): Promise<T | unknown> => promise.catch((error: unknown) => error);

test("get, getAll, has and digest are answered from one reading until it is too old", async () => {
  const it = scene({ maxAgeMs: 5_000 });
  await it.etcd.put("config/theme", '"dark"');
  await it.etcd.put("config/limits", '{"pages":3}');
  await it.etcd.put("elsewhere", '"x"');
  expect(await it.config.get("theme")).to.equal("dark");
  expect(await it.config.getAll()).to.deep.equal({ theme: "dark", limits: { pages: 3 } });
  expect(await it.config.getAll(["limits", "missing"])).to.deep.equal({ limits: { pages: 3 } });
  expect([await it.config.has("theme"), await it.config.has("missing"), await it.config.get("missing")]).to.deep.equal([
    true,
    false,
    undefined,
  ]);
  expect(it.calls).to.equal(1);
  await it.etcd.put("config/theme", '"light"');
  await it.platform.pass(5_000);
  expect(await asked(it, () => it.config.get("theme"))).to.deep.equal(["dark", 0, 0]);
  await it.platform.pass(1);
  expect(await asked(it, () => it.config.get("theme"))).to.deep.equal(["light", 1, 0]);
  await it.etcd.put("config/theme", '"blue"');
  expect(await asked(it, () => it.config.get("theme", { consistentRead: true }))).to.deep.equal(["blue", 1, 0]);
  expect(await asked(it, () => it.config.get("theme"))).to.deep.equal(["blue", 0, 0]);
});

test("the digest is another one after every change of the range, and after no other", async () => {
  const it = scene();
  const digest = (): Promise<string> => it.config.digest({ consistentRead: true });
  const seen = [await digest()];
  const changes = [
    () => it.etcd.put("config/a", "1"),
    () => it.etcd.put("config/b", "1"),
    () => it.etcd.put("config/a", "1"),
    () => it.etcd.delete("config/b"),
  ];
  for (const change of changes) {
    await change();
    seen.push(await digest());
    await it.etcd.put("elsewhere", "");
    expect(await digest()).to.equal(seen.at(-1));
  }
  expect(new Set(seen).size).to.equal(seen.length);
});

test("with waitUntil what has become old is given at once, and read again behind the answer, once", async () => {
  const behind: Promise<void>[] = [];
  const it = scene({ maxAgeMs: 1_000, staleWhileRevalidateMs: 9_000, waitUntil: (work) => void behind.push(work) });
  await it.etcd.put("config/a", "1");
  await it.config.get("a");
  await it.etcd.put("config/a", "2");
  await it.platform.pass(10_000);
  const answers = await Promise.all([it.config.get("a"), it.config.get("a"), it.config.get("a")]);
  expect([answers, behind.length]).to.deep.equal([[1, 1, 1], 1]);
  await behind[0];
  expect(await asked(it, () => it.config.get("a"))).to.deep.equal([2, 0, 0]);

  await it.etcd.put("config/a", "3");
  await it.platform.pass(10_001); // too old for that
  expect(await asked(it, () => it.config.get("a"))).to.deep.equal([3, 1, 0]);
});

test("a reading behind an answer that fails, or is stopped with its function, is made again after a while", async () => {
  const behind: Promise<void>[] = [];
  const it = scene({ maxAgeMs: 1_000, waitUntil: (work) => void behind.push(work) });
  await it.etcd.put("config/a", "1");
  await it.config.get("a");
  await it.platform.pass(2_000);
  it.fault = Code.PermissionDenied;
  expect(await it.config.get("a")).to.equal(1);
  expect(await behind[0]).to.equal(undefined); // it never rejects
  it.fault = "hang";
  await it.platform.pass(1_000);
  await it.config.get("a");
  expect(behind.length).to.equal(2);
  await it.platform.pass(500); // less than the client's time-out: nothing of it is heard
  await it.config.get("a");
  expect(behind.length).to.equal(2);
  it.fault = undefined;
  await it.platform.pass(10_000);
  await it.config.get("a");
  expect(behind.length).to.equal(3);
});

test("while etcd cannot be reached what is known is given, tried once in a while; a refusal is an error", async () => {
  const it = scene({ maxAgeMs: 5_000, staleIfErrorMs: 60_000 });
  await it.etcd.put("config/a", "1");
  await it.config.get("a");
  await it.platform.pass(6_000);
  it.fault = "hang";
  const [answer, , waited] = await asked(it, () => it.config.get("a"));
  expect([answer, waited]).to.deep.equal([1, 1_000]);
  expect(await asked(it, () => it.config.get("a"))).to.deep.equal([1, 0, 0]);
  await it.platform.pass(5_000);
  expect((await asked(it, () => it.config.get("a")))[2]).to.equal(1_000);
  it.fault = Code.PermissionDenied;
  await it.platform.pass(5_000);
  expect((await asked(it, () => it.config.get("a")))[0]).to.include({ code: "permission-denied" });
  it.fault = Code.Unavailable;
  await it.platform.pass(60_000); // known for too long
  expect((await asked(it, () => it.config.get("a")))[0]).to.include({ code: "unavailable" });
  it.fault = undefined;
  expect((await asked(it, () => it.config.get("a")))[0]).to.equal(1);
});

test("a value that is no JSON is an error of its own key; the last good one stays", async () => {
  const it = scene();
  await it.etcd.put("config/good", "1");
  await it.etcd.put("config/bad", "{");
  expect(await reasonOf(it.config.get("bad"))).to.include({ code: "invalid-argument" });
  expect(await reasonOf(it.config.getAll())).to.include({ code: "invalid-argument" });
  expect([await it.config.has("bad"), await it.config.get("good")]).to.deep.equal([true, 1]);
  await it.etcd.put("config/bad", "2");
  expect(await it.config.get("bad", { consistentRead: true })).to.equal(2);
  await it.etcd.put("config/bad", "}");
  expect(await it.config.get("bad", { consistentRead: true })).to.equal(2);
});

for (const [when, ms] of [
  ["later", 10],
  ["in the same moment of the clock", 0],
] as const) {
  test(`a slower reading does not undo a faster one that began ${when}`, async () => {
    const it = scene();
    await it.etcd.put("config/a", "1");
    const held = Promise.withResolvers<void>();
    it.held = held.promise;
    const slow = it.config.get("a", { consistentRead: true });
    await it.platform.pass(ms); // it has read, and its answer is on its way
    it.held = undefined;
    await it.etcd.put("config/a", "2");
    expect(await it.config.get("a", { consistentRead: true })).to.equal(2);
    held.resolve();
    expect([await slow, await it.config.get("a")]).to.deep.equal([2, 2]);
  });
}

test("one reads behind the answers of all, also where no error is borne", async () => {
  const behind: Promise<unknown>[] = [];
  const it = scene({ maxAgeMs: 5_000, staleIfErrorMs: 0, waitUntil: (reading) => void behind.push(reading) });
  await it.etcd.put("config/a", "1");
  expect(await it.config.get("a")).to.equal(1);
  await it.platform.pass(10_000);
  const answers = Array.from({ length: 200 }, () => it.config.get("a"));
  expect(new Set(await Promise.all(answers))).to.deep.equal(new Set([1]));
  expect([behind.length, it.calls]).to.deep.equal([1, 2]);
});
