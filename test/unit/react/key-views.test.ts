import { test } from "node:test";
import { expect } from "chai";
import { KeyViews } from "../../../src/react/key-views.ts";
import { liveScene } from "../support/live-scene.ts";

test("a key is followed once for all who show it, and a while after the last has gone", async () => {
  const { platform, etcd, client, turn } = liveScene();
  await etcd.put("a", "1");
  const views = new KeyViews(client());
  const leaves = [1, 2].map(() => views.subscribe("a", () => {}));
  await turn();
  expect([views.get("a"), views.size]).to.deep.equal(["1", 1]);
  for (const leave of leaves) leave();
  await platform.pass(4_900);
  const again = views.subscribe("a", () => {});
  expect(views.get("a")).to.equal("1");
  await platform.pass(10_000);
  expect([views.get("a"), views.size]).to.deep.equal(["1", 1]);
  again();
  await platform.pass(5_000);
  expect(views.size).to.equal(0);
});

test("a key that a render asked for and nobody shows is forgotten", async () => {
  const { platform, client } = liveScene();
  const views = new KeyViews(client());
  expect(views.get("a")).to.equal(undefined);
  await platform.pass(5_000);
  expect([views.size, platform.timers]).to.deep.equal([0, 0]);
});
