import { test } from "node:test";
import { expect } from "chai";
import { connectionOf } from "../../../../src/client/inside.ts";
import { type Random, seededRandom } from "../../../chaos/random.ts";
import { type SharingTab, type TabsScene, tabsScene } from "../../support/tabs-scene.ts";

const range = { prefix: "config/" } as const;

/** A tab, and the revisions that its watch has given. */
interface Seen {
  readonly tab: SharingTab;
  readonly start: bigint;
  readonly revisions: bigint[];
  end: unknown;
}

function follow(tab: SharingTab, start: bigint): Seen {
  const seen: Seen = { tab, start, revisions: [], end: undefined };
  const read = async (): Promise<void> => {
    for await (const { revision } of tab.shared.watch(range, { startRevision: start }).batches()) {
      seen.revisions.push(revision);
    }
  };
  read().catch((error: unknown) => {
    seen.end = error;
  });
  return seen;
}

/** Something happens, in an order that the seed decides. */
async function step(random: Random, { platform, origin, writer, open }: TabsScene, log: bigint[], all: Seen[]) {
  const alive = all.filter(({ tab }) => !tab.dead);
  const what = random.between(1, 20);
  const holder = alive.find(({ tab }) => tab === origin.holder);
  const victim = random.chance(0.7) && holder ? holder : random.pick(alive);
  if (what === 1 && alive.length > 2) victim.tab.kill();
  else if (what <= 4 && alive.length < 6) all.push(follow(open(), random.chance(0.5) ? 2n : (log.at(-1) ?? 1n) + 1n));
  else if (what <= 6) victim.tab.freeze(random.pick(["stopped", "hearing", "told"]));
  else if (what <= 9) for (const { tab } of alive) tab.thaw();
  else log.push((await writer.put("config/a", String(log.length))).revision);
  if (random.chance(0.6)) await platform.pass(random.pick([1, 20, 300, 1_500]));
}

for (let seed = 1; seed <= 25; seed++) {
  test(`tabs that open, freeze, thaw and die in any order lose nothing and share one watch (seed ${seed})`, async () => {
    const random = seededRandom(`tabs ${seed}`);
    const scene = tabsScene(() => random.next());
    const log: bigint[] = [];
    const all = [follow(scene.open(), 2n), follow(scene.open(), 2n)];
    for (let i = 0; i < 80; i++) await step(random, scene, log, all);
    for (const { tab } of all) tab.thaw();
    await scene.platform.pass(6_000);
    log.push((await scene.writer.put("config/a", "last")).revision);
    await scene.platform.pass(1_000);
    const alive = all.filter(({ tab }) => !tab.dead);
    for (const { tab, start, revisions, end } of alive) {
      expect([end, connectionOf(tab.shared)?.state.state]).to.deep.equal([undefined, "live"]);
      const owed = log.filter((revision) => revision >= start);
      expect(revisions, `${tab.tabs.id} from ${start}`).to.deep.equal(owed);
    }
    expect([scene.origin.watches, scene.origin.holder?.dead]).to.deep.equal([1, false]);
    for (const { tab, start, revisions } of all.filter((each) => each.tab.dead)) {
      const owed = log.filter((revision) => revision >= start).slice(0, revisions.length);
      expect(revisions, `${tab.tabs.id}, which died`).to.deep.equal(owed);
    }
  });
}
