import { test } from "node:test";
import { expect } from "chai";
import { createEtcdOn } from "../../../../src/client/create-etcd.ts";
import type { Etcd } from "../../../../src/index.ts";
import { createView, type View } from "../../../../src/live/index.ts";
import { stallingTransport } from "../../support/stalling-transport.ts";
import { type SharingTab, type TabsScene, tabsScene } from "../../support/tabs-scene.ts";

const range = { prefix: "config/" } as const;
const minute = 60_000;

/** Two tabs with a view each, both live. */
interface TwoViews extends TabsScene {
  readonly holder: SharingTab;
  readonly other: SharingTab;
  /** Of the tab that does not hold. */
  readonly view: View<string>;
  /** Neither errors nor answers reach the tabs until it is called. */
  stall(): () => void;
  /** Writes also while the tabs' link is stalled. */
  readonly elsewhere: Etcd;
}

async function twoViews(): Promise<TwoViews> {
  const scene = tabsScene();
  const { platform, origin, memory, writer, open, replace } = scene;
  const link = stallingTransport(memory.transport);
  replace({ transport: link });
  const elsewhere = createEtcdOn(platform, { transport: memory.transport });
  await writer.put("config/a", "1");
  const tabs = [open(), open()];
  const views = tabs.map(({ shared }) => createView(shared, range));
  for (const view of views) view.subscribe(() => {});
  await platform.pass(1_000);
  for (const view of views) expect(shown(view)).to.deep.equal(["1", false]);
  const holder = tabs.find((tab) => tab === origin.holder);
  const other = tabs.find((tab) => tab !== origin.holder);
  const view = views[tabs[0] === other ? 0 : 1];
  if (holder === undefined || other === undefined || view === undefined) throw new Error("Nobody holds");
  const stall = (): (() => void) => {
    link.stall();
    return () => link.mend();
  };
  return { ...scene, holder, other, view, stall, elsewhere };
}

function shown(view: View<string>): readonly [string | undefined, boolean] {
  return [view.get("config/a"), view.getSnapshot().stale];
}

/** Whether the view was stale, after each of its changes. */
function changesOf(view: View<string>): boolean[] {
  const stale: boolean[] = [];
  view.subscribe(() => stale.push(view.getSnapshot().stale));
  return stale;
}

test("a tab that wakes shows what it had as stale until it has what it missed", async () => {
  const { platform, other, view, writer } = await twoViews();
  const before: unknown[] = [];
  view.subscribe(() => before.push(shown(view)));
  other.freeze("told");
  await writer.put("config/a", "2");
  await platform.pass(minute);
  other.thaw();
  expect(shown(view)).to.deep.equal(["1", true]);
  const ready = view.ready();
  await platform.pass(100);
  expect((await ready).values.get("config/a")).to.equal("2");
  expect(shown(view)).to.deep.equal(["2", false]);
  expect(before).not.to.deep.include(["1", false]);
});

for (const [what, sleeps] of [
  ["that is awake", false],
  ["that sleeps", true],
] as const) {
  test(`when the holder dies and nothing answers, a tab ${what} is stale until something does`, async () => {
    const { platform, holder, other, view, stall, elsewhere } = await twoViews();
    if (sleeps) other.freeze("told");
    await platform.pass(minute);
    const mend = stall();
    holder.kill();
    other.thaw();
    await elsewhere.put("config/a", "2");
    for (let i = 0; i < 120; i++) {
      await platform.pass(500);
      expect(shown(view), `${i}`).to.deep.equal(["1", true]);
    }
    mend();
    await platform.pass(minute);
    expect(shown(view)).to.deep.equal(["2", false]);
  });
}

test("a tab whose watch another one takes over is stale for that long, and no longer", async () => {
  const { platform, holder, view, writer } = await twoViews();
  const stale = changesOf(view);
  holder.kill();
  await platform.pass(2_000);
  expect(stale).to.deep.equal([true, false]);
  await writer.put("config/a", "2");
  await platform.pass(100);
  expect(shown(view)).to.deep.equal(["2", false]);
});

test("another watch of a tab does not make its views stale, nor does one that ends", async () => {
  const { platform, other, view } = await twoViews();
  const stale = changesOf(view);
  const second = createView(other.shared, { prefix: "other/" }, { graceMs: 0 });
  const stop = second.subscribe(() => {});
  await platform.pass(2_000);
  expect([second.getSnapshot().source, second.getSnapshot().stale]).to.deep.equal(["live", false]);
  stop();
  await platform.pass(10_000);
  expect(stale).to.deep.equal([]);
  expect(shown(view)).to.deep.equal(["1", false]);
});
