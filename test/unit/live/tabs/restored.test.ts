import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import { createView } from "../../../../src/live/index.ts";
import { createMemoryEtcd, type MemoryEtcd } from "../../../../src/memory/index.ts";
import { type SharingTab, type TabsScene, tabsScene } from "../../support/tabs-scene.ts";
import { record } from "./record.ts";

/** Two tabs that have got three values; the first of them holds the watch. */
async function twoTabs(): Promise<{
  readonly scene: TabsScene;
  readonly tabs: readonly SharingTab[];
  readonly seen: readonly string[][];
  /** The cluster, as a backup has it from before. */
  readonly backup: MemoryEtcd;
}> {
  const scene = tabsScene();
  const backup = createMemoryEtcd({ clock: scene.platform });
  const tabs = [scene.open(), scene.open()];
  const seen = tabs.map(({ shared }) => record(shared.watch({ prefix: "config/" })));
  await scene.platform.pass(1_000);
  for (const value of ["1", "2", "3"]) await scene.writer.put("config/a", value);
  await scene.platform.pass(1_000);
  expect([scene.origin.holder === tabs[0], seen]).to.deep.equal([
    true,
    [
      ["1", "2", "3"],
      ["1", "2", "3"],
    ],
  ]);
  return { scene, tabs, seen, backup };
}

test("a restore while the tabs have no holder ends their watches with cluster-changed: the next one's client does not know", async () => {
  const { scene, tabs, seen, backup } = await twoTabs();
  scene.replace(backup);
  tabs[0]?.kill();
  await scene.platform.pass(5_000);
  expect(seen[1]).to.deep.equal(["1", "2", "3", "cluster-changed"]);
});

test("a restore while a tab is asleep ends its watch alone with cluster-changed", async () => {
  const { scene, tabs, seen, backup } = await twoTabs();
  tabs[1]?.freeze("told");
  tabs[0]?.kill();
  scene.replace(backup);
  const fresh = record(scene.open().shared.watch({ prefix: "config/" }));
  await scene.platform.pass(60_000);
  tabs[1]?.thaw();
  await scene.platform.pass(10_000);
  await scene.writer.put("config/a", "again");
  await scene.platform.pass(1_000);
  expect([seen[1], fresh]).to.deep.equal([["1", "2", "3", "cluster-changed"], ["again"]]);
});

test("a restore is noticed, and what is shown is stale until then, though reads fail for a while", async () => {
  const { scene, tabs, backup } = await twoTabs();
  const shared = tabs[1]?.shared;
  if (shared === undefined) throw new Error("no tab");
  const view = createView(shared, { prefix: "config/" });
  view.subscribe(() => {});
  await scene.platform.pass(1_000);
  const until = scene.platform.now() + 25_000;
  const { transport } = backup;
  scene.replace({
    ...backup,
    transport: {
      stream: (...call) => transport.stream(...call),
      unary: async (...call) => {
        if (scene.platform.now() < until) throw new ConnectError("etcdserver: request timed out", Code.Unavailable);
        return await transport.unary(...call);
      },
    },
  });
  tabs[0]?.kill();
  await scene.platform.pass(20_000);
  expect([view.get("config/a"), view.getSnapshot().stale]).to.deep.equal(["3", true]);
  await scene.platform.pass(60_000);
  await scene.writer.put("config/a", "new");
  await scene.platform.pass(1_000);
  expect([view.get("config/a"), view.getSnapshot().stale]).to.deep.equal(["new", false]);
  await view.close();
});

test("another holder of the same cluster costs the watches nothing", async () => {
  const { scene, tabs, seen } = await twoTabs();
  tabs[0]?.kill();
  await scene.platform.pass(5_000);
  await scene.writer.put("config/a", "4");
  await scene.platform.pass(1_000);
  expect(seen[1]).to.deep.equal(["1", "2", "3", "4"]);
});
