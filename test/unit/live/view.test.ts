import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import { isEtcdError, type KeyValue } from "../../../src/index.ts";
import { createView, type ViewChange, type ViewStorage } from "../../../src/live/index.ts";
import { createFakePlatform, type FakePlatform } from "../support/fake-platform.ts";
import { liveScene } from "../support/live-scene.ts";
import { scriptEtcd } from "../support/scripted-etcd.ts";
import { expectSilentConsole } from "../support/silent-console.ts";

expectSilentConsole();

const range = { prefix: "config/" } as const;

/** Lets calls and streams do what is due. */
async function turn(platform: FakePlatform): Promise<void> {
  for (let i = 0; i < 5; i++) await platform.pass(0);
}

function shown(values: ReadonlyMap<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(values);
}

test("a view begins with its first subscriber, hears each revision once, and rests a while after its last", async () => {
  const { platform, etcd, client } = liveScene();
  await etcd.put("config/a", "1");
  const view = createView(client(), range, { defaults: { "config/b": "default" }, graceMs: 5_000 });
  await turn(platform);
  expect([view.getSnapshot().source, view.get("config/b"), view.get("config/a")]).to.deep.equal([
    "default",
    "default",
    undefined,
  ]);
  const heard: ViewChange[] = [];
  const stop = view.subscribe((change) => heard.push(change));
  await turn(platform);
  expect([view.getSnapshot().source, view.getSnapshot().stale]).to.deep.equal(["live", false]);
  await etcd.txn({ success: [] });
  await etcd.put("config/b", "2");
  await etcd.put("elsewhere", "");
  const { revision } = await etcd.delete("config/b");
  await turn(platform);
  expect(heard.map(({ keys }) => keys)).to.deep.equal([["config/a"], ["config/b"], ["config/b"]]);
  expect([heard.at(-1)?.revision, view.getSnapshot().revision]).to.deep.equal([revision, revision]);
  expect(shown(view.getSnapshot().values)).to.deep.equal({ "config/a": "1", "config/b": "default" });

  stop();
  await platform.pass(4_900);
  await etcd.put("config/a", "3");
  await turn(platform);
  expect(view.get("config/a")).to.equal("3");
  await platform.pass(200);
  expect(view.getSnapshot().stale).to.equal(true);
  await etcd.put("config/a", "4");
  await turn(platform);
  expect(view.get("config/a")).to.equal("3");

  const again = view.subscribe(() => {});
  await turn(platform);
  expect([view.get("config/a"), view.getSnapshot().stale]).to.deep.equal(["4", false]);
  again();
  await view.close();
  expect(view.get("config/a")).to.equal("4");
});

test("getSnapshot() keeps its identity until something changes", async () => {
  const { platform, etcd, client } = liveScene();
  const view = createView(client(), range);
  const stop = view.subscribe(() => {});
  await turn(platform);
  const before = view.getSnapshot();
  expect(view.getSnapshot()).to.equal(before);
  await etcd.put("elsewhere", "");
  await turn(platform);
  expect(view.getSnapshot()).to.equal(before);
  await etcd.put("config/a", "1");
  await turn(platform);
  expect(view.getSnapshot()).not.to.equal(before);
  expect(shown(before.values)).to.deep.equal({});
  stop();
});

test("ready() is the first live snapshot; late, aborted, closed and failed are its rejections", async () => {
  const { platform, etcd, client } = liveScene();
  await etcd.put("config/a", "1");
  const view = createView(client(), range);
  const ready = view.ready();
  await turn(platform);
  expect(shown((await ready).values)).to.deep.equal({ "config/a": "1" });

  const outage = scriptEtcd();
  const unreachable = createEtcdOn(platform, { transport: outage.transport });
  for (let i = 0; i < 1_000; i++) outage.readErrors.push(new ConnectError("gone", Code.Unavailable));
  const waiting = createView(unreachable, range);
  const late = waiting.ready({ timeoutMs: 3_000 }).catch((error: unknown) => error);
  await platform.pass(3_000);
  expect(isEtcdError(await late, "timeout")).to.equal(true);
  const enough = new Error("enough");
  expect(await waiting.ready({ signal: AbortSignal.abort(enough) }).catch((error: unknown) => error)).to.equal(enough);
  const closed = waiting.ready().catch((error: unknown) => error);
  await waiting.close();
  expect(isEtcdError(await closed, "closed")).to.equal(true);
});

test("a view that is refused says so, and goes on when it is not refused any more", async () => {
  const platform = createFakePlatform();
  const etcd = scriptEtcd();
  etcd.readErrors.push(new ConnectError("etcdserver: permission denied", Code.PermissionDenied));
  const view = createView(createEtcdOn(platform, { transport: etcd.transport }), range);
  const stop = view.subscribe(() => {});
  await turn(platform);
  expect([view.getSnapshot().error?.code, view.getSnapshot().stale]).to.deep.equal(["permission-denied", true]);
  await platform.pass(1_000);
  await turn(platform);
  expect([view.getSnapshot().error, view.getSnapshot().source]).to.deep.equal([undefined, "live"]);
  stop();
  await view.close();
});

test("initial is shown before any call, and the first call is the watch after its revision", async () => {
  const platform = createFakePlatform();
  const etcd = scriptEtcd();
  etcd.revision = 7n;
  const initial = { revision: "7", clusterId: "0", entries: [["config/a", "1", "5"]] } as const;
  const view = createView(createEtcdOn(platform, { transport: etcd.transport }), range, {
    initial: { ...initial, clusterId: "0" },
  });
  expect([shown(view.getSnapshot().values), view.getSnapshot().source]).to.deep.equal([
    { "config/a": "1" },
    "server-rendered",
  ]);
  expect(view.getServerSnapshot()).to.equal(view.getSnapshot());
  await turn(platform);
  expect([etcd.reads, etcd.streams.length]).to.deep.equal([0, 0]);
});

test("a view goes on from what it was given, without reading it again", async () => {
  const { platform, etcd, client } = liveScene();
  await etcd.put("config/a", "1");
  const first = createView(client(), range);
  const ready = first.ready();
  await turn(platform);
  await ready;
  const initial = first.dehydrate();
  await etcd.put("config/b", "2");
  const paths: string[] = [];
  const memory = client();
  const view = createView(
    createEtcdOn(platform, {
      transport: {
        unary: (method, ...call) => {
          paths.push(method.name);
          return memory.transport.unary(method, ...call);
        },
        stream: (method, ...call) => {
          paths.push(method.name);
          return memory.transport.stream(method, ...call);
        },
      },
    }),
    range,
    { initial },
  );
  const heard: ViewChange[] = [];
  const stop = view.subscribe((change) => heard.push(change));
  await turn(platform);
  expect(paths[0]).to.equal("Watch");
  expect(heard.flatMap(({ keys }) => keys)).to.deep.equal(["config/b"]);
  expect([shown(view.getSnapshot().values), view.getSnapshot().source]).to.deep.equal([
    { "config/a": "1", "config/b": "2" },
    "live",
  ]);
  stop();
});

test("a view that comes back is not live before what it missed is in, puts and deletes", async () => {
  const platform = createFakePlatform();
  const etcd = scriptEtcd();
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const put = (key: string, modRevision: bigint) => ({
    type: 0,
    kv: { key: bytes(key), value: bytes("x"), modRevision },
  });
  const gone = (key: string, modRevision: bigint) => ({ type: 1, kv: { key: bytes(key), modRevision } });
  const entries = ["a", "b", "c"].map((key) => [`config/${key}`, "1", "5"] as const);
  // Since revision 7: a was put at 8, b was deleted at 9 and c at 10; other keys brought the revision to 12.
  etcd.revision = 12n;
  etcd.clusterId = 4n;
  etcd.range = { count: 1n, kvs: [{ key: bytes("config/a"), modRevision: 8n }] };
  const view = createView(createEtcdOn(platform, { transport: etcd.transport }), range, {
    initial: { revision: "7", clusterId: "4", entries },
  });
  const heard: [bigint, string, boolean][] = [];
  const stop = view.subscribe(({ revision }) => {
    const { source, stale } = view.getSnapshot();
    heard.push([revision, source, stale]);
  });
  let isReady = false;
  void view.ready().then(() => {
    isReady = true;
  });
  await turn(platform);
  const [stream] = etcd.streams;
  const { watchId } = stream?.creates[0] ?? {};
  const send = async (revision: bigint, event: object): Promise<void> => {
    stream?.send({ header: { revision, clusterId: 4n }, watchId: watchId ?? 0n, events: [event] });
    await turn(platform);
  };
  stream?.send({ header: { revision: 12n, clusterId: 4n }, watchId: watchId ?? 0n, created: true });
  await turn(platform);
  expect(isReady).to.equal(false);
  await send(8n, put("config/a", 8n));
  await send(9n, gone("config/b", 9n));
  expect([isReady, view.getSnapshot().stale]).to.deep.equal([false, true]);
  await send(10n, gone("config/c", 10n));
  expect([isReady, shown(view.getSnapshot().values)]).to.deep.equal([true, { "config/a": "x" }]);
  await send(13n, put("config/d", 13n));
  expect(heard).to.deep.equal([
    [8n, "server-rendered", true],
    [9n, "server-rendered", true],
    [10n, "server-rendered", true],
    [10n, "live", false],
    [13n, "live", false],
  ]);
  stop();
});

test("a view that has rested is stale until it has heard what it missed", async () => {
  const { platform, etcd, client } = liveScene();
  await etcd.put("config/a", "1");
  const view = createView(client(), range, { graceMs: 0 });
  view.subscribe(() => {})();
  await turn(platform);
  await platform.pass(1_000);
  view.subscribe(() => {})();
  const ready = view.ready();
  await turn(platform);
  await ready;
  await platform.pass(1_000);
  expect(view.getSnapshot()).to.include({ source: "live", stale: true });
  await etcd.put("config/a", "2");
  const fresh: string[] = [];
  const stop = view.subscribe(() => {
    if (!view.getSnapshot().stale) fresh.push(view.get("config/a") ?? "");
  });
  const again = view.ready();
  await turn(platform);
  await platform.pass(1_000);
  expect([(await again).values.get("config/a"), fresh[0]]).to.deep.equal(["2", "2"]);
  stop();
});

test("what another cluster gave is replaced by what there is", async () => {
  const { platform, etcd, client } = liveScene();
  await etcd.put("config/a", "1");
  const { revision, header } = await etcd.range(range);
  const entries = [["config/gone", "x", "1"]] as const;
  const elsewhere = { revision: revision.toString(), clusterId: `${header.clusterId + 1n}`, entries };
  const ahead = { revision: `${revision + 100n}`, clusterId: `${header.clusterId}`, entries };
  const compacted = { revision: "1", clusterId: `${header.clusterId}`, entries };
  await etcd.put("config/a", "2");
  await etcd.compact((await etcd.put("config/a", "3")).revision);
  for (const initial of [elsewhere, ahead, compacted]) {
    const view = createView(client(), range, { initial });
    const stop = view.subscribe(() => {});
    for (let i = 0; i < 20; i++) await turn(platform);
    await platform.pass(20_000);
    expect([shown(view.getSnapshot().values), view.getSnapshot().source], JSON.stringify(initial)).to.deep.equal([
      { "config/a": "3" },
      "live",
    ]);
    stop();
  }
});

/** A storage that keeps texts, and answers as it is told. */
function storage(
  kept = new Map<string, string>(),
): ViewStorage & { readonly kept: Map<string, string>; fails: boolean } {
  return {
    kept,
    fails: false,
    load(id) {
      if (this.fails) throw new DOMException("Not here", "SecurityError");
      return kept.get(id);
    },
    save(id, data) {
      if (this.fails) throw new DOMException("Full", "QuotaExceededError");
      kept.set(id, data);
    },
  };
}

test("a view is kept, and there at once the next time", async () => {
  const { platform, etcd, client } = liveScene();
  await etcd.put("config/a", "1");
  const place = storage();
  const first = createView(client(), range, { storage: place });
  const stop = first.subscribe(() => {});
  await turn(platform);
  expect(place.kept.size).to.equal(0);
  await platform.pass(1_000);
  expect(place.kept.size).to.equal(1);
  stop();
  await first.close();

  const second = createView(client(), range, { storage: place });
  expect([second.get("config/a"), second.getSnapshot().source, second.getSnapshot().stale]).to.deep.equal([
    "1",
    "stored",
    true,
  ]);
  expect(second.getServerSnapshot().source).to.equal("default");
  const another = createView(client(), { prefix: "config" }, { storage: place });
  expect(another.getSnapshot().source).to.equal("default");
});

test("a storage that answers later is waited for, and its view shown", async () => {
  const { platform, etcd, client } = liveScene();
  await etcd.put("config/a", "1");
  const texts = storage();
  const later: ViewStorage = { load: async (id) => texts.load(id), save: async (id, data) => texts.save(id, data) };
  const first = createView(client(), range, { storage: later });
  const ready = first.ready();
  await turn(platform);
  await ready;
  await first.close();
  await turn(platform);
  const second = createView(client(), range, { storage: later });
  const sources: string[] = [];
  const stop = second.subscribe(() => sources.push(second.getSnapshot().source));
  await turn(platform);
  expect(sources[0]).to.equal("stored");
  expect(sources.at(-1)).to.equal("live");
  stop();
});

test("a storage that is forbidden, full or corrupt is told of, and changes nothing else", async () => {
  const { platform, etcd, client } = liveScene();
  await etcd.put("config/a", "1");
  const forbidden = storage();
  forbidden.fails = true;
  const view = createView(client(), range, { storage: forbidden });
  expect(view.getSnapshot().storageError).to.have.property("name", "SecurityError");
  const stop = view.subscribe(() => {});
  await turn(platform);
  await platform.pass(1_000);
  await turn(platform);
  expect(view.getSnapshot().storageError).to.have.property("name", "QuotaExceededError");
  expect([view.get("config/a"), view.getSnapshot().source]).to.deep.equal(["1", "live"]);
  stop();
  await view.close();

  const texts = storage();
  const saving = createView(client(), range, { storage: texts });
  const ready = saving.ready();
  await turn(platform);
  await ready;
  await saving.close();
  for (const id of texts.kept.keys()) texts.kept.set(id, '{"revision":"1"');
  expect(createView(client(), range, { storage: texts }).getSnapshot().source).to.equal("default");
});

test("values are decoded and validated; the last good one is kept and the fault told", async () => {
  const { platform, etcd, client } = liveScene();
  await etcd.put("config/a", '{"port":80}');
  const schema = {
    "~standard": {
      version: 1 as const,
      vendor: "test",
      validate: (value: unknown) =>
        typeof (value as { port?: unknown }).port === "number" ? { value } : { issues: [{ message: "no port" }] },
      types: undefined as { readonly input: unknown; readonly output: { readonly port: number } } | undefined,
    },
  };
  const view = createView(client(), range, { schema });
  const stop = view.subscribe(() => {});
  await turn(platform);
  expect(view.get("config/a")?.port).to.equal(80);
  await etcd.put("config/a", "{}");
  await turn(platform);
  expect(view.get("config/a")?.port).to.equal(80);
  expect(String(view.getSnapshot().faults.get("config/a"))).to.contain("no port");
  stop();

  const own = createView(client(), range, { decode: (kv: KeyValue) => kv.value.length });
  const ready = own.ready();
  await turn(platform);
  expect((await ready).values.get("config/a")).to.equal(2);
});

test("a range or initial state that cannot be is refused at once", () => {
  const { client } = liveScene();
  expect(() => createView(client(), { from: "b", to: "a" })).to.throw("The range is empty");
  expect(() => createView(client(), range, { initial: {} as never })).to.throw("dehydrate()");
});
