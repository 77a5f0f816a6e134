import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import { type EtcdReader, isEtcdError } from "../../../src/index.ts";
import { createView, sync, type ViewStorage } from "../../../src/live/index.ts";
import { createFakePlatform } from "../support/fake-platform.ts";
import { liveScene } from "../support/live-scene.ts";
import { scriptEtcd } from "../support/scripted-etcd.ts";
import { expectSilentConsole } from "../support/silent-console.ts";
import { stallingTransport } from "../support/stalling-transport.ts";

expectSilentConsole();

const range = { prefix: "config/" } as const;

/** What is thrown while `run` runs and nobody catches. */
async function uncaught(run: () => Promise<void>): Promise<unknown[]> {
  const errors: unknown[] = [];
  const before = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => errors.push(error));
  try {
    await run();
  } finally {
    process.removeAllListeners("uncaughtException");
    for (const listener of before) process.on("uncaughtException", listener);
  }
  return errors;
}

test("a listener that throws is its owner's: the others hear, and the view goes on", async () => {
  const { etcd, client, turn } = liveScene();
  const view = createView(client(), range);
  const bug = new Error("a bug of the app");
  const heard: string[] = [];
  view.subscribe(() => {
    throw bug;
  });
  view.subscribe(({ keys }) => heard.push(...keys));
  const errors = await uncaught(async () => {
    await turn();
    await etcd.put("config/a", "1");
    await turn();
    await etcd.put("config/b", "2");
    await turn();
    expect([view.getSnapshot().error, view.getSnapshot().stale]).to.deep.equal([undefined, false]);
    await view.close();
    await turn();
  });
  expect(heard).to.deep.equal(["config/a", "config/b"]);
  expect(new Set(errors)).to.deep.equal(new Set([bug]));
});

test("who unsubscribes in the middle of a change hears no more of it; who subscribes hears of the next", async () => {
  const { etcd, client, turn } = liveScene();
  const view = createView(client(), range);
  const heard: string[] = [];
  view.subscribe(({ keys }) => {
    if (keys.includes("config/a")) {
      stopSecond();
      view.subscribe((change) => heard.push(`third ${change.keys}`));
    }
  });
  const stopSecond = view.subscribe(({ keys }) => heard.push(`second ${keys}`));
  await turn();
  heard.length = 0;
  await etcd.put("config/a", "1");
  await turn();
  expect(heard).to.deep.equal([]);
  await etcd.put("config/b", "1");
  await turn();
  expect(heard).to.deep.equal(["third config/b"]);
  await view.close();
});

test("a closed view sets no timer, keeps no listener and changes no more, whatever its storage answers", async () => {
  const { platform, etcd, client, turn } = liveScene();
  await etcd.put("config/a", "1");
  const loading = Promise.withResolvers<string | undefined>();
  const saving = Promise.withResolvers<void>();
  const storage: ViewStorage = { load: () => loading.promise, save: () => saving.promise };
  const early = createView(client(), range, { storage });
  const stop = early.subscribe(() => {});
  await early.close();
  const closed = early.getSnapshot();
  loading.resolve('{"revision":"1","clusterId":"1","entries":[["config/a","old","1"]]}');
  await turn();
  expect(early.getSnapshot()).to.equal(closed);

  const late = createView(client(), range, { storage: { load: () => undefined, save: () => saving.promise } });
  const ready = late.ready();
  await turn();
  await ready;
  await late.close();
  const last = late.getSnapshot();
  expect(last.stale).to.equal(true);
  saving.reject(new Error("full"));
  await turn();
  expect(late.getSnapshot()).to.equal(last);

  const timers = platform.timers;
  stop();
  stop();
  late.subscribe(() => {})();
  expect(platform.timers).to.equal(timers);
});

test("a storage that does not answer is not waited for", async () => {
  const { platform, etcd, client, turn } = liveScene();
  await etcd.put("config/a", "1");
  const view = createView(client(), range, { storage: { load: () => new Promise(() => {}), save: () => {} } });
  view.subscribe(() => {});
  await turn();
  expect(view.get("config/a")).to.equal(undefined);
  await platform.pass(1_000);
  await turn();
  expect(view.get("config/a")).to.equal("1");
  await view.close();
});

test("a storage's answer that is a promise of another kind is waited for as well", async () => {
  const { client, turn } = liveScene();
  const text = '{"revision":"1","clusterId":"1","entries":[["config/a","kept","1"]]}';
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
  const load = (): Promise<string> => ({ then: (take: (given: string) => void) => take(text) }) as Promise<string>;
  const view = createView(client(), range, { storage: { load, save: () => {} } });
  view.getSnapshot();
  await turn();
  expect(view.get("config/a")).to.equal("kept");
  await view.close();
});

test("an error of the last time does not fail the next ready()", async () => {
  const platform = createFakePlatform();
  const etcd = scriptEtcd();
  etcd.readErrors.push(new ConnectError("etcdserver: permission denied", Code.PermissionDenied));
  const view = createView(createEtcdOn(platform, { transport: etcd.transport }), range, { graceMs: 0 });
  const refused = view.ready().catch((error: unknown) => error);
  await platform.pass(1);
  expect(isEtcdError(await refused, "permission-denied")).to.equal(true);
  await platform.pass(0);
  const ready = view.ready();
  await platform.pass(1);
  expect((await ready).source).to.equal("live");
  await view.close();
});

test("a view that ready() was asked of with an aborted signal does not begin for it", async () => {
  const { client, turn } = liveScene();
  const etcd = client();
  const view = createView(etcd, range);
  expect(await view.ready({ signal: AbortSignal.abort("enough") }).catch((reason: unknown) => reason)).to.equal(
    "enough",
  );
  await turn();
  expect([etcd.connection.state.state, view.getSnapshot().source]).to.deep.equal(["idle", "default"]);
});

test("history that is compacted away while a large range is being read is read again, not an end", async () => {
  const { platform, etcd, client } = liveScene();
  for (let i = 0; i < 1_500; i++) await etcd.put(`config/${String(i).padStart(4, "0")}`, "1");
  const reader = client();
  let compactions = 0;
  const interrupted: EtcdReader = {
    ...reader,
    async range(given, options) {
      const first = await reader.range(given, options);
      if (compactions++ === 0) await etcd.compact((await etcd.put("config/0000", "2")).revision);
      return first;
    },
  };
  const reading = sync(interrupted, range)[Symbol.asyncIterator]();
  const first = reading.next();
  for (let i = 0; i < 20; i++) await platform.pass(100);
  const { value } = await first;
  expect(value?.type === "snapshot" && [value.kvs.length, value.kvs[0]?.text()]).to.deep.equal([1_500, "2"]);
  await reading.return?.();
});

for (const [what, timeoutMs] of [
  ["gives up late", undefined],
  ["never gives up", Number.POSITIVE_INFINITY],
] as const) {
  test(`sync() ends at its own time-out where nothing answers and the client ${what}`, async () => {
    const { platform, memory } = liveScene();
    const link = stallingTransport(memory.transport);
    link.stall();
    const client = createEtcdOn(platform, { transport: link, timeoutMs });
    const timers = platform.timers;
    const failed: unknown[] = [];
    sync(client, range, { timeoutMs: 700 })
      [Symbol.asyncIterator]()
      .next()
      .catch((error: unknown) => failed.push(error));
    await platform.pass(699);
    expect(failed).to.deep.equal([]);
    await platform.pass(1);
    expect(failed.map((error) => isEtcdError(error, "timeout") && error.message)).to.deep.equal([
      "sync: no snapshot within 700 ms",
    ]);
    expect(platform.timers).to.equal(timers);
    await client.close();
  });
}

test("sync() that was in time has no time-out any more, and one that was late tells what failed last", async () => {
  const platform = createFakePlatform();
  const etcd = scriptEtcd();
  const client = createEtcdOn(platform, { transport: etcd.transport });
  const seen: unknown[] = [];
  const reading = sync(client, range, { timeoutMs: 700 })[Symbol.asyncIterator]();
  void reading.next().then(({ value }) => seen.push(value?.type));
  await platform.pass(100);
  void reading.next().then(
    () => seen.push("next"),
    (error: unknown) => seen.push(error),
  );
  await platform.pass(5_000);
  expect(seen).to.deep.equal(["snapshot"]);
  await reading.return?.();

  for (let i = 0; i < 100; i++) etcd.readErrors.push(new ConnectError("down for repair", Code.Unavailable));
  const late = sync(client, range, { timeoutMs: 700 })[Symbol.asyncIterator]().next();
  const rejection = late.catch((error: unknown) => error);
  await platform.pass(700);
  expect(isEtcdError(await rejection, "timeout") && String(await rejection)).to.contain("down for repair");
  await client.close();
});
