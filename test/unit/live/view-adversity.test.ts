import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import { createAuth } from "../../../src/admin/index.ts";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import { type Etcd, passwordAuth, type StandardSchema } from "../../../src/index.ts";
import { createView } from "../../../src/live/index.ts";
import { throughSleep } from "../../../src/platform/clock.ts";
import { until } from "../../contract/expectations.ts";
import { createFakePlatform } from "../support/fake-platform.ts";
import { liveScene } from "../support/live-scene.ts";
import { scriptEtcd } from "../support/scripted-etcd.ts";
import { expectSilentConsole } from "../support/silent-console.ts";
import { stallingTransport } from "../support/stalling-transport.ts";

const range = { prefix: "config/" } as const;
const hour = 3_600_000;

expectSilentConsole();

test("an etcd that is gone for an hour, by a link that stalls: the last values, stale; then live again within a minute", async () => {
  const { platform, memory, etcd, turn } = liveScene();
  await etcd.put("config/a", "1");
  const link = stallingTransport(memory.transport);
  const client = createEtcdOn(platform, { transport: link });
  const view = createView(client, range);
  const stop = view.subscribe(() => {});
  await turn();
  expect(view.getSnapshot()).to.include({ source: "live", stale: false });

  link.stall();
  await platform.pass(60_000);
  expect([view.getSnapshot().stale, client.connection.state.state]).to.deep.equal([true, "reconnecting"]);
  await platform.pass(hour - 60_000);
  expect([view.getSnapshot().stale, client.connection.state.state]).to.deep.equal([true, "reconnecting"]);
  expect([view.get("config/a"), view.getSnapshot().source]).to.deep.equal(["1", "live"]);
  await etcd.put("config/a", "2");

  link.mend();
  await platform.pass(60_000);
  expect(view.getSnapshot()).to.include({ source: "live", stale: false, error: undefined });
  expect([view.get("config/a"), client.connection.state.state]).to.deep.equal(["2", "live"]);
  stop();
  await view.close();
  await client.close();
});

for (const [what, jump] of [
  ["forward by a day", 24 * hour],
  ["back by a day", -24 * hour],
] as const) {
  test(`a clock that is set ${what}: live, with everything once`, async () => {
    const { platform, memory, etcd, turn } = liveScene();
    let set = 0;
    const now = throughSleep(platform.now, () => platform.now() + set);
    const client = createEtcdOn({ ...platform, now }, { transport: memory.transport });
    const view = createView(client, range);
    const heard: string[] = [];
    const stop = view.subscribe(({ keys }) => heard.push(...keys.map((key) => view.get(key) ?? "")));
    await turn();
    await etcd.put("config/a", "1");
    await turn();
    set = jump;
    await platform.pass(60_000);
    await etcd.put("config/a", "2");
    await platform.pass(60_000);
    expect(view.getSnapshot()).to.include({ source: "live", stale: false, error: undefined });
    expect(heard).to.deep.equal(["1", "2"]);
    stop();
    await view.close();
    await client.close();
  });
}

for (const [what, initial] of [
  ["read", undefined],
  ["was given", { revision: "10", clusterId: "4", entries: [] }],
] as const) {
  test(`a view that ${what} its state, and whose history is compacted away: stale until it is read anew`, async () => {
    const platform = createFakePlatform();
    const etcd = scriptEtcd();
    etcd.clusterId = 4n;
    const view = createView(createEtcdOn(platform, { transport: etcd.transport }), range, { initial });
    const stop = view.subscribe(() => {});
    const turn = (): Promise<void> => platform.pass(1);
    await turn();
    const [stream] = etcd.streams;
    const { watchId } = stream?.creates[0] ?? {};
    const send = async (response: object): Promise<void> => {
      stream?.send({ header: { revision: 10n, clusterId: 4n }, watchId: watchId ?? 0n, ...response });
      await turn();
    };
    await send({ created: true });
    await platform.pass(1_000);
    expect(view.getSnapshot()).to.include({ source: "live", stale: false, revision: 10n });

    for (let i = 0; i < 1_000; i++) etcd.readErrors.push(new ConnectError("gone", Code.Unavailable));
    etcd.revision = 30n;
    await send({ canceled: true, compactRevision: 20n });
    let isReady = false;
    void view.ready().then(() => {
      isReady = true;
    });
    for (let i = 0; i < 60; i++) {
      await platform.pass(1_000);
      expect([view.getSnapshot().stale, view.getSnapshot().revision, isReady], `${i}`).to.deep.equal([
        true,
        10n,
        false,
      ]);
    }
    etcd.readErrors.length = 0;
    for (let i = 0; i < 200 && !isReady; i++) await platform.pass(100);
    expect(view.getSnapshot()).to.include({ source: "live", stale: false, revision: 30n });
    stop();
    await view.close();
  });
}

test("a schema that rejects everything: live, nothing shown but defaults, and why for each key", async () => {
  const { platform, etcd, client, turn } = liveScene();
  const nothing: StandardSchema<number> = {
    "~standard": { version: 1, vendor: "test", validate: () => ({ issues: [{ message: "no" }] }) },
  };
  await etcd.put("config/a", "1");
  await etcd.put("config/b", "{");
  const view = createView(client(), range, { schema: nothing, defaults: { "config/a": 7 } });
  const stop = view.subscribe(() => {});
  await turn();
  await etcd.put("config/c", "1");
  await turn();
  const { values, faults, ...status } = view.getSnapshot();
  expect(status).to.include({ source: "live", stale: false, error: undefined });
  expect(Object.fromEntries(values)).to.deep.equal({ "config/a": 7 });
  expect([...faults.keys()]).to.deep.equal(["config/a", "config/b", "config/c"]);
  for (const fault of faults.values()) expect(fault).to.include({ code: "invalid-argument" });
  await platform.pass(hour);
  expect(view.getSnapshot().stale).to.equal(false);
  stop();
  await view.close();
});

test("a permission that is revoked: the last values, stale, with the error; live again when it is granted", async () => {
  const { platform, memory, etcd, turn } = liveScene();
  const auth = createAuth(etcd);
  await auth.users.add("root", { password: "r" });
  await auth.roles.add("root");
  await auth.users.grantRole("root", "root");
  await auth.users.add("page", { password: "p" });
  await auth.roles.add("reader");
  await auth.users.grantRole("page", "reader");
  await auth.roles.grantPermission("reader", range, "read");
  await etcd.put("config/a", "1");
  await auth.enable();
  const connect = (name: string, password: string): Etcd =>
    createEtcdOn(platform, { transport: memory.transport, auth: passwordAuth({ name, password }) });
  const [root, page] = [connect("root", "r"), connect("page", "p")];
  const view = createView(page, range);
  const stop = view.subscribe(() => {});
  const isLive = (): boolean => view.getSnapshot().source === "live" && !view.getSnapshot().stale;
  await until("it is signed in, which takes real time", async () => {
    await turn();
    return isLive();
  });

  await createAuth(root).roles.revokePermission("reader", range);
  memory.faults.cutStreams(); // a watch that is open goes on
  await until("it is refused", async () => {
    await platform.pass(1_000);
    return view.getSnapshot().error !== undefined;
  });
  expect(view.getSnapshot()).to.include({ source: "live", stale: true });
  expect([view.getSnapshot().error?.code, view.get("config/a")]).to.deep.equal(["permission-denied", "1"]);
  await root.put("config/a", "2");
  await createAuth(root).roles.grantPermission("reader", range, "read");
  await until("it is let in", async () => {
    await platform.pass(1_000);
    return isLive();
  });
  expect(view.getSnapshot().error).to.equal(undefined);
  expect(view.get("config/a")).to.equal("2");
  stop();
  await view.close();
  await Promise.all([page.close(), root.close()]);
});
