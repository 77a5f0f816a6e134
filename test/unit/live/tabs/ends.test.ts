import { test } from "node:test";
import { expect } from "chai";
import { connectionOf } from "../../../../src/client/inside.ts";
import { createView } from "../../../../src/live/index.ts";
import { type SharedReader, shareTabsOn } from "../../../../src/live/tabs/share-tabs.ts";
import { type SharingTab, tabsScene } from "../../support/tabs-scene.ts";
import { record } from "./record.ts";

const range = { prefix: "config/" } as const;

/** Ways in which the watches of a tab are its own. */
const lonely: readonly (readonly [string, (tab: SharingTab) => SharedReader, headers?: HeadersInit])[] = [
  ["there are no locks", ({ etcd }) => shareTabsOn(undefined, etcd, { name: "alice" })],
  [
    "locks are refused",
    ({ etcd, tabs }) => {
      const hold = (): Promise<never> => Promise.reject(new DOMException("Not here", "SecurityError"));
      return shareTabsOn({ ...tabs, hold }, etcd, { name: "alice" });
    },
  ],
  ["a watch has headers of its own", ({ shared }) => shared, { "x-tenant": "a" }],
];

test("a client that is closed ends the watches of its tab, whoever holds them, and no others", async () => {
  const { platform, origin, writer, open } = tabsScene();
  const [first, second, third] = [open(), open(), open()] as const;
  const [one, two, three] = [first, second, third].map(({ shared }) => record(shared.watch(range)));
  await platform.pass(1_000);
  expect(origin.holder?.tabs.id).to.equal(first.tabs.id);
  await second.etcd.close();
  await platform.pass(0);
  expect([one, two, three]).to.deep.equal([[], ["closed"], []]);
  const late = record(second.shared.watch(range, { startRevision: 1n }));
  const anew = record(shareTabsOn(second.tabs, second.etcd, { name: "alice" }).watch(range, { startRevision: 1n }));
  await first.etcd.close();
  await platform.pass(1_000);
  await writer.put("config/a", "1");
  await platform.pass(100);
  expect([one, two, three, late, anew]).to.deep.equal([["closed"], ["closed"], ["1"], ["closed"], ["closed"]]);
});

for (const [why, share, headers] of lonely) {
  test(`where ${why}, close() ends the watches as well, and leaves nothing`, async () => {
    const { platform, origin, writer, open } = tabsScene();
    const tab = open();
    const shared = share(tab);
    const seen = record(shared.watch(range, { headers }));
    const ahead = record(shared.watch(range, { headers, startRevision: 50n }));
    await platform.pass(1_000);
    await writer.put("config/a", "1");
    await platform.pass(100);
    await shared.close();
    await platform.pass(0);
    await writer.put("config/a", "2");
    const late = record(shared.watch(range, { headers }));
    await platform.pass(10_000);
    expect([seen, ahead, late]).to.deep.equal([["1", "closed"], ["closed"], ["closed"]]);
    expect([origin.watches, platform.timers]).to.deep.equal([0, 0]);
  });

  test(`where ${why}, opened tells the first revision, and the time-out is for the first opening`, async () => {
    const { platform, writer, open } = tabsScene();
    const shared = share(open());
    const { revision } = await writer.put("config/a", "0");
    const [now, past] = [
      shared.watch(range, { headers, timeoutMs: 1_000 }),
      shared.watch(range, { startRevision: 1n, headers }),
    ];
    const opened = Promise.all([now.opened, past.opened]);
    await platform.pass(500);
    expect(await opened).to.deep.equal([revision + 1n, 1n]);
    const seen = record(now);
    await platform.pass(5_000);
    await writer.put("config/a", "1");
    await platform.pass(100);
    expect(seen).to.deep.equal(["1"]);
  });

  test(`where ${why}, the connection is the client's own`, async () => {
    const { platform, memory, open } = tabsScene();
    const shared = share(open());
    const state = (): string | undefined => connectionOf(shared)?.state.state;
    expect(state()).to.equal("idle");
    const watch = shared.watch(range, { headers });
    record(watch);
    await platform.pass(100);
    expect(state()).to.equal("live");
    memory.faults.unavailable(30_000);
    await platform.pass(5_000);
    expect(state()).to.equal("reconnecting");
    await platform.pass(60_000);
    expect(state()).to.equal("live");
    await watch.close();
    await platform.pass(10_000);
    expect(state()).to.equal("idle");
    await shared.close();
    expect(state()).to.equal("closed");
  });
}

test("a view without locks is stale while its client has no link", async () => {
  const { platform, memory, open } = tabsScene();
  const view = createView(shareTabsOn(undefined, open().etcd, { name: "alice" }), range);
  const stop = view.subscribe(() => {});
  await platform.pass(100);
  expect(view.getSnapshot()).to.include({ source: "live", stale: false });
  memory.faults.unavailable(30_000);
  await platform.pass(5_000);
  expect(view.getSnapshot().stale).to.equal(true);
  await platform.pass(60_000);
  expect(view.getSnapshot().stale).to.equal(false);
  stop();
});
