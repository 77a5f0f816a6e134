import { expect } from "chai";
import type { Watch, WatchBatch } from "../../../src/index.ts";
import { until } from "../../contract/expectations.ts";
import { expectAll, follow } from "../../contract/follow.ts";
import { History } from "../../contract/history.ts";
import { startWriter } from "../../contract/writer.ts";
import type { Break } from "../../fixtures/faults/fault-link.ts";
import { type FaultCase, path, type Scene } from "./scene.ts";

/** Changes are delivered whole and once while they are made, whatever happens to the link meanwhile. */
export const live: Readonly<Record<string, FaultCase>> = {
  "watch() while two writers go on and the link is cut 20 times at random points": async (scene) => {
    const { hasty, proxy, seeded } = scene;
    for (let i = 0; i < 20; i++) {
      const how = seeded.pick<Break>(["close", "reset"]);
      seeded.pick([
        () => proxy.cutAfterBytes(seeded.between(0, 4_000), { path, how }),
        () => proxy.cutAfterFrames(seeded.between(0, 20), { path, how }),
        () => proxy.cutAfterCreated({ path, how }),
      ])();
    }
    await using busy = startWriters(scene);
    const watch = hasty.watch({ prefix: scene.prefix });
    const got = follow(watch);
    const first = await watch.opened;
    await until("20 cuts have happened", () => proxy.cuts === 20, 60_000);
    await busy.stop();
    await expectAll(got, busy.history, first);
    expect(busy.history.since(first).length).to.be.greaterThan(50);
    await watch.close();
  },

  "watch() cut between created and the first event while writers are busy, 20 times over": async (scene) => {
    const { hasty, proxy, prefix } = scene;
    await using busy = startWriters(scene);
    const watches: [Watch, readonly WatchBatch[], bigint][] = [];
    for (let round = 1; round <= 20; round++) {
      proxy.cutAfterCreated({ path });
      const [before] = busy.history.since(0n).slice(-1);
      const watch = hasty.watch({ prefix });
      const got = follow(watch);
      const first = await watch.opened;
      // What was written before the watch was asked for is not "from now on".
      expect(first > (before?.revision ?? 0n)).to.equal(true);
      watches.push([watch, got, first]);
      await until("it was cut", () => proxy.cuts === round);
    }
    await busy.stop();
    for (const [watch, got, first] of watches) {
      await expectAll(got, busy.history, first);
      await watch.close();
    }
  },

  "watch() through a link that stalls for a while, slows down, and goes on": async (scene) => {
    const { etcd, proxy, prefix } = scene;
    await using busy = startWriters(scene);
    const watch = etcd.watch({ prefix });
    const got = follow(watch);
    const first = await watch.opened;
    for (const direction of ["downstream", "both"] as const) {
      const written = busy.history.length;
      proxy.stall(direction);
      await until("much is written meanwhile", () => busy.history.length > written + 100);
      await proxy.mend();
    }
    proxy.delay(20);
    const written = busy.history.length;
    await until("more is written", () => busy.history.length > written + 100);
    await busy.stop();
    await expectAll(got, busy.history, first);
    expect(proxy.requests.filter((request) => request.path === path).length).to.equal(1);
    await watch.close();
  },
};

/** Two writers over a link that holds, and what they wrote. */
function startWriters({
  direct,
  prefix,
  seeded,
}: Scene): { history: History; stop(): Promise<void> } & AsyncDisposable {
  const history = new History();
  const writers = ["a/", "b/"].map((name) => startWriter(direct, prefix + name, history, seeded.random));
  const stop = async (): Promise<void> => {
    await Promise.all(writers.map((writer) => writer.stop()));
  };
  return { history, stop, [Symbol.asyncDispose]: stop };
}
