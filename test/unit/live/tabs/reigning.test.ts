import { test } from "node:test";
import { expect } from "chai";
import { Reigning } from "../../../../src/live/tabs/reigning.ts";
import type { Tabs } from "../../../../src/platform/tabs.ts";
import { createFakePlatform, settle } from "../../support/fake-platform.ts";

/** A candidate whose lock the test grants and takes. */
function scene() {
  const platform = createFakePlatform();
  const granted: ((lost: AbortSignal) => Promise<void>)[] = [];
  const told: string[] = [];
  const tabs: Tabs = {
    id: "me",
    onSleep: () => () => {},
    open: () => ({ post() {}, close() {} }),
    hold: (_name, { steal }, held) => {
      told.push(steal ? "steals" : "queues");
      return new Promise((resolve) => granted.push((lost) => held(lost).then(resolve)));
    },
  };
  const reigning = new Reigning(tabs, platform, "lock", {
    reign({ epoch }) {
      told.push(`reigns ${epoch}`);
      return () => told.push("ends");
    },
    ping() {},
    failed() {},
  });
  return { platform, reigning, granted, told };
}

test("a reign begins after the latest that was heard of, and ends with its lock; then the tab queues again", async () => {
  const { reigning, granted, told } = scene();
  expect(reigning.hear({ epoch: 7, tab: "other" })).to.equal("new");
  const lost = new AbortController();
  void granted[0]?.(lost.signal);
  expect(told).to.deep.equal(["queues", "reigns 8"]);
  lost.abort();
  await settle();
  expect(told).to.deep.equal(["queues", "reigns 8", "ends", "queues"]);
  reigning.close();
});

test("who reigns obeys a later reign, and tells an older one what it is", async () => {
  const { reigning, granted, told } = scene();
  void granted[0]?.(new AbortController().signal);
  expect(reigning.hear({ epoch: 1, tab: "me" })).to.equal("same");
  expect(reigning.hear({ epoch: 0, tab: "other" })).to.equal("old");
  expect(told).to.deep.equal(["queues", "reigns 1"]);
  expect(reigning.hear({ epoch: 1, tab: "other" })).to.equal("new");
  await settle();
  expect(told).to.deep.equal(["queues", "reigns 1", "ends", "queues"]);
  expect(reigning.hear({ epoch: 1, tab: "me" })).to.equal("old");
  expect(reigning.heard).to.deep.equal({ epoch: 1, tab: "other" });
  reigning.close();
});

test("who was closed reigns no more, though the lock comes", async () => {
  const { reigning, granted, told } = scene();
  reigning.close();
  await granted[0]?.(new AbortController().signal);
  expect(told).to.deep.equal(["queues"]);
});
