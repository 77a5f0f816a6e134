import { test } from "node:test";
import { expect } from "chai";
import { isEtcdError } from "../../../../src/index.ts";
import { createView } from "../../../../src/live/index.ts";
import { shareTabsOn } from "../../../../src/live/tabs/share-tabs.ts";
import type { FakeTab } from "../../support/fake-tabs.ts";
import { type SharingTab, tabsScene } from "../../support/tabs-scene.ts";
import { record } from "./record.ts";

const range = { prefix: "config/" } as const;

test("tabs share one watch, each hears everything once, and the last to leave leaves nothing", async () => {
  const { platform, origin, writer, open } = tabsScene();
  const tabs = Array.from({ length: 4 }, open);
  const watches = tabs.map(({ shared }) => shared.watch(range));
  const seen = watches.map(record);
  await platform.pass(1_000);
  for (const value of ["1", "2", "3"]) await writer.put("config/a", value);
  await platform.pass(100);
  expect(seen).to.deep.equal(tabs.map(() => ["1", "2", "3"]));
  expect(origin.watches).to.equal(1);
  for (const watch of watches) await watch.close();
  await platform.pass(20_000);
  expect([origin.watches, origin.holder]).to.deep.equal([0, undefined]);
  expect(seen[0]?.at(-1)).to.equal("end");
});

for (const [how, end, withinMs = 2_000] of [
  ["is closed", (tab: SharingTab) => void tab.shared.close()],
  ["is killed", (tab: FakeTab) => tab.kill()],
  ["is frozen, and keeps its lock", (tab: FakeTab) => tab.freeze()],
  ["is told that it will be frozen", (tab: FakeTab) => tab.freeze("told")],
  ["is frozen without a word, but hears", (tab: FakeTab) => tab.freeze("hearing"), 3_500],
] as const) {
  test(`when the holder ${how}, the others go on within ${withinMs} ms, and miss nothing`, async () => {
    const { platform, origin, writer, open } = tabsScene();
    const tabs = Array.from({ length: 3 }, open);
    const seen = tabs.map(({ shared }) => record(shared.watch(range)));
    await platform.pass(1_000);
    await writer.put("config/a", "1");
    await platform.pass(100);
    const holder = tabs.findIndex(({ tabs: { id } }) => id === origin.holder?.tabs.id);
    const old = tabs[holder];
    if (old === undefined) throw new Error("Nobody holds");
    end(old);
    await writer.put("config/a", "2");
    await platform.pass(withinMs);
    await writer.put("config/a", "3");
    await platform.pass(100);
    const others = seen.filter((_, index) => index !== holder);
    expect(others).to.deep.equal([
      ["1", "2", "3"],
      ["1", "2", "3"],
    ]);
    expect(origin.holder).not.to.equal(old);
    if (!old.frozen) return;
    old.thaw();
    await platform.pass(3_000);
    await writer.put("config/a", "4");
    await platform.pass(100);
    expect(seen).to.deep.equal(tabs.map(() => ["1", "2", "3", "4"]));
    expect([origin.watches, origin.holder === old]).to.deep.equal([1, false]);
  });
}

test("a tab in the background, whose timers tick slowly, keeps holding: it answers when it is asked", async () => {
  const { platform, origin, open } = tabsScene();
  const slow = open();
  const { setTimeout } = { ...platform };
  record(slow.shared.watch(range));
  await platform.pass(500);
  platform.setTimeout = (run, ms) => setTimeout(run, ms === 500 ? 1_900 : ms);
  const other = open();
  record(other.shared.watch(range));
  for (let i = 0; i < 100; i++) {
    await platform.pass(100);
    expect(origin.holder?.tabs.id).to.equal(slow.tabs.id);
  }
});

test("who starts far back gets what is behind, and nobody gets anything twice", async () => {
  const { platform, origin, writer, open } = tabsScene();
  const { revision } = await writer.put("config/a", "0");
  await writer.put("config/a", "1");
  const early = record(open().shared.watch(range));
  await platform.pass(1_000);
  await writer.put("config/a", "2");
  await platform.pass(100);
  const late = record(open().shared.watch(range, { startRevision: revision }));
  await platform.pass(1_000);
  await writer.put("config/a", "3");
  await platform.pass(100);
  expect([early, late]).to.deep.equal([
    ["2", "3"],
    ["0", "1", "2", "3"],
  ]);
  expect(origin.watches).to.equal(1);
});

test("who starts before a compaction is told, and the others go on", async () => {
  const { platform, writer, open } = tabsScene();
  const { revision } = await writer.put("config/a", "0");
  await writer.compact((await writer.put("config/a", "1")).revision);
  const early = record(open().shared.watch(range));
  await platform.pass(1_000);
  const late = record(open().shared.watch(range, { startRevision: revision }));
  await platform.pass(1_000);
  await writer.put("config/a", "2");
  await platform.pass(1_000);
  expect([early, late]).to.deep.equal([["2"], ["compacted"]]);
});

test("the watch of a tab that was killed ends as well", async () => {
  const { platform, origin, open } = tabsScene();
  record(open().shared.watch(range));
  const killed = open();
  await platform.pass(1_000);
  record(killed.shared.watch({ prefix: "other/" }));
  await platform.pass(1_000);
  expect(origin.watches).to.equal(2);
  killed.kill();
  await platform.pass(33_000);
  expect(origin.watches).to.equal(1);
});

test("a shared watch ends as any other does", async () => {
  const { platform, open } = tabsScene();
  const { shared } = open();
  const enough = new Error("enough");
  const stop = new AbortController();
  const aborted = record(shared.watch(range, { signal: stop.signal }));
  const left = shared.watch(range);
  const leaving = record(left);
  const ended = record(shared.watch(range));
  const unopened = shared.watch(range);
  await platform.pass(1_000);
  stop.abort(enough);
  await left.close();
  await unopened.close();
  expect(isEtcdError(await unopened.opened.catch((error: unknown) => error), "closed")).to.equal(true);
  await shared.close();
  await platform.pass(0);
  expect([aborted, leaving, ended]).to.deep.equal([["Error: enough"], ["end"], ["closed"]]);
  expect(record(shared.watch(range))).to.deep.equal([]);
  expect(() => shared.watch({ prefix: "a" }, { startRevision: 0 })).to.throw("startRevision");
  const twice = shared.watch(range);
  twice[Symbol.asyncIterator]();
  expect(() => twice[Symbol.asyncIterator]()).to.throw(TypeError);
  await platform.pass(10_000);
  expect(platform.timers).to.equal(0);
});

test("without locks each tab watches for itself, also where they turn out to fail", async () => {
  const { platform, writer, open } = tabsScene();
  const { tabs, etcd } = open();
  const none = record(shareTabsOn(undefined, etcd, { name: "a" }).watch(range));
  const refused = { ...tabs, hold: () => Promise.reject(new DOMException("Not here", "SecurityError")) };
  const failing = record(shareTabsOn(refused, etcd, { name: "a" }).watch(range));
  await platform.pass(100);
  await writer.put("config/a", "1");
  await platform.pass(100);
  expect([none, failing]).to.deep.equal([["1"], ["1"]]);
});

test("views share too, and are stale while nobody holds", async () => {
  const { platform, origin, writer, open } = tabsScene();
  await writer.put("config/a", "1");
  const tabs = Array.from({ length: 3 }, open);
  const views = tabs.map(({ shared }) => createView(shared, range));
  for (const view of views) view.subscribe(() => {});
  await platform.pass(1_000);
  await writer.put("config/a", "2");
  await platform.pass(100);
  expect(views.map((view) => [view.get("config/a"), view.getSnapshot().stale])).to.deep.equal(
    views.map(() => ["2", false]),
  );
  expect(origin.watches).to.equal(1);
});

test("a reader that is slow rests alone, and comes back to where it was", async () => {
  const { platform, writer, open } = tabsScene();
  const watch = open().shared.watch(range);
  const reading = watch.batches()[Symbol.asyncIterator]();
  const first = reading.next();
  await platform.pass(500);
  const values = Array.from({ length: 6 }, (_, index) => String(index).padEnd(400_000, "-"));
  for (const value of values) {
    await writer.put("config/a", value);
    await platform.pass(50);
  }
  const seen: string[] = [];
  for (let pending = first; seen.length < values.length; pending = reading.next()) {
    await platform.pass(600);
    const { value } = await pending;
    for (const { type, kv } of value?.events ?? []) if (type === "put") seen.push(kv.text().slice(0, 1));
  }
  expect(seen).to.deep.equal(["0", "1", "2", "3", "4", "5"]);
});

test("who starts before a compaction does not end those whose watch is well, be their last event long ago", async () => {
  const { platform, origin, writer, open } = tabsScene();
  const tabs = [open(), open()];
  const { revision } = await writer.put("config/a", "0");
  const seen = tabs.map(({ shared }) => record(shared.watch(range)));
  await platform.pass(1_000);
  await writer.put("config/a", "1");
  await writer.put("elsewhere", "");
  await writer.compact((await writer.put("elsewhere", "")).revision);
  await platform.pass(100);
  const late = [record(open().shared.watch(range, { startRevision: revision }))];
  await platform.pass(1_000);
  expect([...seen, ...late]).to.deep.equal([["1"], ["1"], ["compacted"]]);
  late.push(record(open().shared.watch(range, { startRevision: revision })));
  await writer.put("config/a", "2");
  await platform.pass(1_000);
  await writer.put("config/a", "3");
  await platform.pass(1_000);
  expect([...seen, ...late]).to.deep.equal([["1", "2", "3"], ["1", "2", "3"], ["compacted"], ["compacted"]]);
  expect(origin.watches).to.equal(1);
});
